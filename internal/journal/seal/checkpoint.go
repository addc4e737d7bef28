package seal

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"podium/internal/jose"
	"podium/internal/journal"
	"podium/internal/wire"
)

// Checkpoint is a place in the chain, signed with the company's key. As a line of JSON it can be
// kept elsewhere.
type Checkpoint struct {
	Company wire.CompanyID `json:"company"`
	Number  int64          `json:"number"` // of the last seal before it
	// the number of the previous checkpoint; 0 for the first
	Previous int64 `json:"previous"`
	journal.Cursor
	Hash      Hash      `json:"hash"` // of that seal
	At        wire.Time `json:"at"`
	KeyID     string    `json:"kid"` // the thumbprint of the company's key
	Signature string    `json:"signature"`
}

// statement returns the signed text. It cannot be confused with anything else that the key signs,
// which are JSON Web Tokens.
func (c Checkpoint) statement() []byte {
	return fmt.Appendf(nil, "podium checkpoint 1\ncompany %d\nnumber %d\nprevious %d\nposition %d\nseq %d\nhash %s\nat %d\nkid %s\n",
		c.Company, c.Number, c.Previous, c.Position, c.Seq, c.Hash, c.At, c.KeyID)
}

// sign sets the signature: RSASSA-PKCS1-v1_5 with SHA-256, base64url.
func (c *Checkpoint) sign(key *rsa.PrivateKey) error {
	c.KeyID = jose.Thumbprint(&key.PublicKey)
	digest := sha256.Sum256(c.statement())
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
	c.Signature = base64.RawURLEncoding.EncodeToString(signature)
	return err
}

// Keys maps thumbprints to public keys.
type Keys map[string]*rsa.PublicKey

// Check returns what is wrong with the signature, or nil.
func (c Checkpoint) Check(keys Keys) error {
	key := keys[c.KeyID]
	if key == nil {
		return errors.New("it is signed with a key that is not the company's")
	}
	signature, err := base64.RawURLEncoding.Strict().DecodeString(c.Signature)
	// decoding ignores line breaks
	if err != nil || base64.RawURLEncoding.EncodeToString(signature) != c.Signature {
		return errors.New("its signature cannot be read")
	}
	digest := sha256.Sum256(c.statement())
	if rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signature) != nil {
		return errors.New("its signature is not good for it")
	}
	return nil
}

// ParseCheckpoint parses a line that String wrote.
func ParseCheckpoint(line []byte) (Checkpoint, error) {
	var c Checkpoint
	if err := json.Unmarshal(line, &c); err != nil || c.Number < 1 || c.Signature == "" {
		return c, errors.New("it is not a checkpoint")
	}
	return c, nil
}

// String returns the checkpoint as a line of JSON.
func (c Checkpoint) String() string {
	text, err := json.Marshal(c)
	if err != nil { // numbers and texts can always be encoded
		panic(err)
	}
	return string(text)
}
