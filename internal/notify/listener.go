package notify

// listenerBuffer is how many payloads can wait for a listener. When more arrive, one empty payload
// replaces them all.
const listenerBuffer = 8

// listener is one channel. Only the holder of the lock of Local sends to it, so free room in the
// channel stays free; the receiver may receive at any time.
type listener struct {
	woken chan string
	whole bool // the last message sent was the empty payload, alone in the channel
}

// offer sends without ever blocking. An empty payload, or a payload that no longer fits into the
// buffer, replaces all that wait by one empty payload.
func (w *listener) offer(payload string) {
	if w.whole && len(w.woken) > 0 {
		return // it has not received yet, and will look at everything
	}
	if payload != "" {
		select {
		case w.woken <- payload:
			w.whole = false
			return
		default:
		}
	}
	for drained := false; !drained; {
		select {
		case <-w.woken:
		default:
			drained = true
		}
	}
	w.woken <- ""
	w.whole = true
}
