// Package auth says who calls and what they may: the caller, the published roles
// and the rights each one grants, the permissions that an application may hold, and
// what an operation needs of its caller. How somebody proves who they are is not
// here but in the chapter session.
package auth
