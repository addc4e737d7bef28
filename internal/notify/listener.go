package notify

// listenerBuffer is how many payloads wait for a listener before they give way to
// one empty payload.
const listenerBuffer = 8

// A listener is one channel. Only the holder of the lock of Local sends to it, so
// room that is seen stays; the other end may take at any time.
type listener struct {
	woken chan string
	whole bool // the last message sent was the empty payload, alone in the channel
}

// offer sends without ever waiting. Of empty payloads, or of more than the buffer
// holds, one empty payload remains: it stands for all.
func (w *listener) offer(payload string) {
	if w.whole && len(w.woken) > 0 {
		return // it has not looked yet, and will look at everything
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
