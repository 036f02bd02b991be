/// Passwords, and words to which people add a year and a sign, that attackers try first; in small
/// letters. Our own selection of what published statistics of leaked passwords have in common.
enum WorstPasswords {
  static let all = Set(
    """
    123456789012 1234567890123 12345678901234 123456789123 012345678901 0123456789012
    987654321098 0987654321098 123123123123 111222333444 112233445566 121212121212
    123321123321 123456654321 1234512345 100200300400 147258369147 159753159753 789456123789
    qwertyuiop12 qwertyuiop123 qwertyuiopas qwertyuiopasdf 1q2w3e4r5t6y 1q2w3e4r5t6y7u
    1qaz2wsx3edc 1qaz2wsx3edc4rfv qazwsxedcrfv qazwsxedc123 zaq12wsxcde3 zaq1xsw2cde3
    q1w2e3r4t5y6 asdfghjkl123 asdfghjklzxc zxcvbnm12345 zxcvbnmasdfg qwerasdfzxcv qweasdzxc123
    1234qwerasdf qwer1234asdf asdf1234qwer abcd1234abcd abc123abc123 a1b2c3d4e5f6 a1s2d3f4g5h6
    woaini1314520 woaini520520 woaini123456 wodemima1234 5201314520131 a123456789012
    abcdefghijkl abcdefghijklm abcdefghijklmn aabbccddeeff
    password passwords passphrase passw0rd passwort contrasena motdepasse senha parola mima
    letmein letmeinplease letmeinnow opensesame opensesameplease iloveyou iloveyouforever
    iloveyoubaby iloveyousomuch ihateyou trustnoone correcthorsebatterystaple
    thisismypassword thisisapassword mypasswordis mypassword yourpassword newpassword oldpassword
    nopassword thepassword passwordpassword changeme changemenow changethis changepassword
    pleasechangeme temppassword temporary temporarypassword onetimepassword defaultpassword
    default initialpassword secret secretpassword topsecret verysecret mysecret private
    welcome welcomehome welcomeback welcometojoinery willkommen bienvenue bienvenido huanying
    admin administrator administration adminadmin adminpassword superadmin superuser sysadmin
    root rootroot rootpassword toor login loginlogin user username guest guestguest testuser
    test testing testtest testpassword testaccount demo demopassword sample example
    qwerty qwertz azerty qwertyuiop qwertzuiop azertyuiop asdfgh asdfghjkl zxcvbn zxcvbnm
    qazwsx qazwsxedc wasdwasd qweasd qweasdzxc asdasdasd qweqweqwe zxczxczxc
    abc abcd abcde abcdef abcdefg abcdefgh abcabcabc abcabcabcabc
    monkey dragon tiger lion eagle falcon hunter wolf panther phoenix butterfly dolphin
    football baseball basketball hockey soccer tennis golfer liverpool liverpoolfc arsenal
    chelsea chelseafc manchesterunited manchestercity barcelona realmadrid juventus
    cowboys yankees lakers steelers eagles
    sunshine princess superman batman spiderman ironman starwars startrek pokemon pikachu
    naruto minecraft fortnite computer internet samsung iphone google facebook microsoft windows
    apple linux ubuntu oracle cisco huawei xiaomi tencent alibaba wechat weixin taobao
    summer winter spring autumn summertime wintertime springtime january february march april
    june july august september october november december monday tuesday wednesday thursday
    friday saturday sunday
    michael jennifer jessica ashley daniel matthew jordan michelle charlie andrew thomas robert
    anthony william joshua nicole hannah amanda samantha elizabeth alexander christopher
    stephanie benjamin jonathan alejandro
    wangwei lina zhangwei liwei wangfang liuyang zhangmin xiaoming xiaohong
    woaini wodemima woaiwojia zhongguo beijing shanghai guangzhou shenzhen hangzhou nanjing
    london paris berlin newyork losangeles chicago america england germany france australia
    mercedes porsche ferrari mustang corvette harley harleydavidson toyota honda volkswagen
    chocolate cookie cookies coffee cheese banana orange pepper ginger strawberry
    whatever nothing something everything forever together freedom flower flowers
    family mother father brother sister daughter mylove lovely loveme loveyou sweetheart
    angel angels heaven jesus jesuschrist jesuslovesme godisgood blessed
    hello helloworld hellohello hellokitty goodmorning goodbye fuckyou fuckoff asshole bullshit
    money business company office manager director finance accounting warehouse production
    workshop sales salesman customer service customerservice cashier store
    furniture furniturestore woodwork woodworker carpenter joiner joinery joineryerp erpsystem
    table chair desk sofa wardrobe kitchen bedroom livingroom oaktable oakchair
    till kasse caisse terminal postgres database server backup system systemadmin
    master masterkey blaster shadow access pass passpass maverick killer cheater rockyou
    blink slipknot metallica nirvana eminem beatles thebeatles
    """.split(whereSeparator: \.isWhitespace).map(String.init))
}
