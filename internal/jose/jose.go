// Package jose is the keys, tokens and certificates of the pod: it reads the RSA keys
// that people register, checks the JWTs with which clients log in, and makes and checks
// what the pod gives out: session, key-manager, access and identity tokens, the JWKS
// and the pod certificate.
//
// What is not inside: who an account is, which keys it has registered, whether a session
// is still alive, and every lifetime but that of a login JWT. A token that passes here is
// authentic and no more. Nothing is stored, nothing is logged, nothing is dialled, and
// the clock is always an argument.
//
// What clients send is read by rules of our own (split, members) and not by the parser of
// golang-jwt, because that parser takes a member that stands there twice, lets the later
// win, skips line breaks inside base64, and cannot take plain base64 in the signature
// alone. Signing and verifying RSA signatures is golang-jwt's.
package jose
