package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
)

// bare serves a handler by net/http and nothing else.
func bare(listener net.Listener, handler http.HandlerFunc) (stop func()) {
	server := &http.Server{Handler: handler}
	go server.Serve(listener)
	return func() { server.Close() }
}

// serveConstant answers everything with the same JSON.
func serveConstant(listener net.Listener, o order) (func(), error) {
	length := strconv.Itoa(len(o.Body)) // else net/http would send a long one in chunks
	return bare(listener, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", length)
		w.Write(o.Body)
	}), nil
}

// inserter inserts one row durably.
type inserter func(ctx context.Context, id int64, in row) error

// insertRows returns the handler of the write ceilings: it decodes a row, has it inserted, and
// answers with its id.
func insertRows(insert inserter) http.HandlerFunc {
	var last atomic.Int64
	return func(w http.ResponseWriter, r *http.Request) {
		var in row
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		id := last.Add(1)
		if err := insert(r.Context(), id, in); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(added{id})
	}
}
