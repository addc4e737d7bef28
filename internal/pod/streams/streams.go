// Package streams is what conversations are: IMs, MIMs, rooms and walls, their rows, their members,
// and who may do what in them. It opens IMs, and follows changes of accounts and barriers. Packages
// below it hold the other operations: rooms, members, listings, roomsearch. What is said is in
// package messages.
package streams
