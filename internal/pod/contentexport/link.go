package contentexport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/jose"
	"podium/internal/op"
	"podium/internal/wire"
)

// linkLife is how long a link to a file is valid.
const linkLife = 15 * time.Minute

// copyBuffer is how many bytes of a file are in memory while it is sent.
const copyBuffer = 64 << 10

var getMetadata = op.Operation[Service]{
	ID:      "getExportFileMetadata",
	Route:   "GET /files/v1/{fileId}/metadata",
	Tag:     tag,
	Summary: "Read the metadata of a content export file.",
	About:   "The log has a fact for each call.",
	Needs:   reader,
	Also:    []int{404},
	Errors:  fileErrors,
	Handle:  op.Write((*Service).metadata),
}

type fileInput struct {
	Peer   op.Peer
	FileID string   `path:"fileId" maxLength:"64"`
	Type   FileType `query:"type"`
}

func (s *Service) metadata(tx *db.Tx, caller auth.Caller, in fileInput) (FileMetadata, error) {
	f, err := find(tx, caller.Company, in.FileID)
	if err != nil {
		return FileMetadata{}, err
	}
	return f.metadata(), s.Journal.Record(tx, caller, f.subject(), MetadataRead{})
}

// find returns a file of a company that has not expired. It fails with NotFound.
func find(tx *db.Tx, company wire.CompanyID, id string) (file, error) {
	f, err := db.One(tx, scanFile, selectFiles+` WHERE id = $1 AND company = $2 AND expires > $3`, id, company, tx.Now())
	if errors.Is(err, db.ErrNoRow) {
		return file{}, apierr.NotFound("File not found")
	}
	return f, err
}

var getFile = op.Operation[Service]{
	ID:      "getExportFile",
	Route:   "GET /files/v1/{fileId}",
	Tag:     tag,
	Summary: "Get a link to a content export file.",
	About:   "The link is also in the header Location. It is valid for 15 minutes and needs no session.",
	Needs:   reader,
	Also:    []int{404},
	Errors:  fileErrors,
	Handle:  op.Write((*Service).link),
}

// Link is a link to a file.
type Link struct {
	Message   string `json:"message"`
	SignedURL string `json:"signedUrl" doc:"Valid for 15 minutes."`
}

func (s *Service) link(tx *db.Tx, caller auth.Caller, in fileInput) (op.Headed[Link], error) {
	f, err := find(tx, caller.Company, in.FileID)
	if err != nil {
		return op.Headed[Link]{}, err
	}
	m, ok := s.Companies.Get(caller.Company)
	if !ok {
		return op.Headed[Link]{}, apierr.Unavailable("company %d is gone", caller.Company)
	}
	expires := tx.Now().Add(linkLife)
	signature, err := jose.SignLink(m.SessionKeys, grants(caller.Company, f.id, int64(expires)))
	if err != nil {
		return op.Headed[Link]{}, err
	}
	url := fmt.Sprintf("%s/files/v1/%s/content?expires=%d&signature=%s", in.Peer.Site, f.id, expires, signature)
	return op.Headed[Link]{
		Value:   Link{Message: "Redirecting to signed URL for download.", SignedURL: url},
		Headers: map[string]string{"Location": url},
	}, s.Journal.Record(tx, caller, f.subject(), LinkMade{Expires: expires})
}

// grants returns what a link grants, which its signature covers.
func grants(company wire.CompanyID, id string, expires int64) string {
	return "content export file " + company.String() + " " + strconv.FormatInt(expires, 10) + " " + id
}

var download = op.Operation[Service]{
	ID:       "downloadExportFile",
	Route:    "GET /files/v1/{fileId}/content",
	Tag:      tag,
	Summary:  "Download a content export file by a link that getExportFile has answered.",
	Needs:    auth.Anyone,
	Also:     []int{404, 503},
	Errors:   linkErrors,
	Produces: zipType,
	Handle:   op.Call((*Service).download),
}

type downloadInput struct {
	Peer      op.Peer
	FileID    string `path:"fileId" maxLength:"64"`
	Expires   int64  `query:"expires" min:"0" max:"9007199254740991"`
	Signature string `query:"signature" maxLength:"64"`
}

func (s *Service) download(ctx context.Context, caller auth.Caller, in downloadInput) (op.Download, error) {
	m, ok := s.Companies.Get(caller.Company)
	if !ok {
		return op.Download{}, apierr.Unavailable("company %d is gone", caller.Company)
	}
	if err := jose.VerifyLink(m.SessionKeys, grants(caller.Company, in.FileID, in.Expires), in.Signature); err != nil {
		return op.Download{}, apierr.Forbidden("the link: %s", err)
	}
	if wire.Time(in.Expires) <= s.DB.Now() {
		return op.Download{}, apierr.Forbidden("the link has expired")
	}
	f, err := db.Write(ctx, s.DB, func(tx *db.Tx) (file, error) {
		f, err := find(tx, caller.Company, in.FileID)
		if err != nil {
			return file{}, err
		}
		return f, s.Journal.Record(tx, auth.Caller{Company: caller.Company}, f.subject(), Downloaded{Address: in.Peer.Address})
	})
	if err != nil {
		return op.Download{}, err
	}
	content, size, err := s.Files.Open(ctx, f.sha256)
	if err != nil {
		return op.Download{}, err
	}
	return op.Download{
		Name: f.name, Size: size, Close: content.Close,
		Write: func(w io.Writer) error {
			_, err := io.CopyBuffer(w, onlyReader{content}, make([]byte, copyBuffer))
			return err
		},
	}, nil
}

// onlyReader hides the WriteTo of a content, which would not use the buffer.
type onlyReader struct{ io.Reader }
