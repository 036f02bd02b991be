@main struct Joinery { static func main() {} }
