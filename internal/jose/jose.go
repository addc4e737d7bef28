// Package jose handles the keys, tokens and certificates of the pod. It reads the RSA keys that
// accounts register and verifies the JWTs with which clients log in. It makes and verifies the
// pod's own tokens: session, key-manager, access and identity tokens, the JWKS and the pod
// certificate.
//
// What is not inside: the identity of an account, its registered keys, whether a session is still
// alive, and every lifetime except that of a login JWT. A token that passes here is authentic and
// no more. The package stores, logs and dials nothing, and the clock is always an argument.
//
// What clients send is read by the package's own rules (split, members) and not by the parser of
// golang-jwt. That parser accepts duplicate members (the last wins), skips line breaks inside
// base64, and cannot accept plain base64 in the signature alone. golang-jwt signs and verifies RSA
// signatures.
package jose
