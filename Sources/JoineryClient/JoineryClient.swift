// All that another Swift package needs to call Joinery, under one name.
@_exported public import Messages
@_exported public import RPC
