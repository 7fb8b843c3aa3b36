"""The built-in development issuer: an OpenID Connect issuer for one machine, on the loopback address only."""
