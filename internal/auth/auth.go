// Package auth describes callers and what they may do: the caller, the published roles and the
// rights that each grants, the permissions of applications, and what an operation needs of its
// caller. How a caller proves their identity is in the chapter session.
package auth
