package contentexport

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"podium/internal/apierr"
	"podium/internal/blob"
	"podium/internal/db"
	"podium/internal/wire"
)

// The limits of a part. A page may go beyond them.
const (
	partMessages = 20000
	partBytes    = 256 << 20 // of the files of messages

	// renewEvery is how often a node renews that it holds a job.
	renewEvery = time.Minute
)

// part is one file of a job that is not stored yet.
type part struct {
	id       string
	content  *os.File // without a name, so that a node that dies leaves nothing behind
	sum      blob.Sum
	size     int64
	messages int
	done     int64 // the messages up to this number are in it, or in earlier parts
	last     bool
}

// Manifest describes a file. It is the last entry of the ZIP.
type Manifest struct {
	ID        string   `json:"id"` // of the file
	Version   int      `json:"version"`
	Company   int64    `json:"companyId"`
	JobType   JobType  `json:"jobType"`
	StartTime Instant  `json:"startTime"`
	EndTime   Instant  `json:"endTime"`
	Part      int64    `json:"part"` // among the files of the job, from 1
	Last      bool     `json:"last"` // whether it is the job's last one
	Messages  int      `json:"messages"`
	Streams   int      `json:"streams"`
	Files     int      `json:"files"`
	Missing   []string `json:"missing"` // the digests of files whose content is lost
}

// makePart writes the next file of a job into a temporary file.
func (s *Service) makePart(ctx context.Context, j job) (p part, err error) {
	p = part{id: randomID(), done: j.done}
	if p.content, err = os.CreateTemp("", "podium-export-"); err != nil {
		return p, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.content.Close())
		}
	}()
	if err = os.Remove(p.content.Name()); err != nil {
		return p, err
	}
	sum := sha256.New()
	buffered := bufio.NewWriterSize(io.MultiWriter(p.content, sum), copyBuffer)
	count := &counter{Writer: buffered}
	z := zip.NewWriter(count)
	if err = s.fill(ctx, j, &p, z); err != nil {
		return p, err
	}
	if err = errors.Join(z.Close(), buffered.Flush()); err != nil {
		return p, err
	}
	p.size = count.n
	sum.Sum(p.sum[:0])
	return p, nil
}

// fill writes the entries of a part.
func (s *Service) fill(ctx context.Context, j job, p *part, z *zip.Writer) error {
	c := contents{files: map[string]int64{}, streams: map[int64]bool{}}
	if err := s.writeMessages(ctx, j, p, z, &c); err != nil {
		return err
	}
	if err := s.writeStreams(ctx, j, z, c.numbers()); err != nil {
		return err
	}
	missing, err := s.writeFiles(ctx, j, z, c)
	if err != nil {
		return err
	}
	entry, err := z.Create("manifest.json")
	if err != nil {
		return err
	}
	return lines(entry).Encode(Manifest{
		ID: p.id, Version: 1, Company: int64(j.company), JobType: j.jobType, StartTime: Instant{j.starts}, EndTime: Instant{j.ends},
		Part: j.parts + 1, Last: p.last, Messages: p.messages, Streams: len(c.streams), Files: len(c.files) - len(missing), Missing: missing,
	})
}

// contents is what the messages of a part refer to.
type contents struct {
	files   map[string]int64 // sizes by digests
	bytes   int64
	streams map[int64]bool
}

func (c contents) numbers() []int64 {
	var numbers []int64
	for n := range c.streams {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	return numbers
}

func lines(w io.Writer) *json.Encoder {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e
}

// writeMessages writes pages of messages until the part is full, or has the last one.
func (s *Service) writeMessages(ctx context.Context, j job, p *part, z *zip.Writer, c *contents) error {
	entry, err := z.Create("messages.jsonl")
	if err != nil {
		return err
	}
	most := partMessages
	if s.most > 0 {
		most = s.most
	}
	out, renewed := lines(entry), s.DB.Now()
	for !p.last && p.messages < most && c.bytes < partBytes {
		if s.DB.Now() > renewed.Add(renewEvery) {
			if err := s.renew(ctx, j); err != nil {
				return err
			}
			renewed = s.DB.Now()
		}
		next, err := db.Read(ctx, s.DB, func(tx *db.Tx) (page, error) { return j.page(tx, p.done) })
		if err != nil {
			return err
		}
		for _, m := range next.messages {
			if err := out.Encode(m); err != nil {
				return err
			}
			c.add(m)
		}
		p.messages += len(next.messages)
		p.done, p.last = next.done, next.last
	}
	return nil
}

func (s *Service) renew(ctx context.Context, j job) error {
	_, err := db.Write(ctx, s.DB, func(tx *db.Tx) (struct{}, error) { return struct{}{}, j.hold(tx, leaseLife) })
	return err
}

func (c *contents) add(m Exported) {
	c.streams[m.stream] = true
	for _, f := range m.Files {
		if _, known := c.files[f.SHA256]; !known {
			c.files[f.SHA256] = f.Size
			c.bytes += f.Size
		}
	}
}

// writeFiles copies the files of messages, each once, under their digests. It returns the digests
// of those that the blob store does not have.
func (s *Service) writeFiles(ctx context.Context, j job, z *zip.Writer, c contents) (missing []string, err error) {
	missing = []string{}
	var sums []string
	for sum := range c.files {
		sums = append(sums, sum)
	}
	slices.Sort(sums)
	renewed := s.DB.Now()
	for _, name := range sums {
		if s.DB.Now() > renewed.Add(renewEvery) {
			if err := s.renew(ctx, j); err != nil {
				return nil, err
			}
			renewed = s.DB.Now()
		}
		switch err := s.writeFile(ctx, z, name); {
		case errors.Is(err, blob.ErrNone):
			missing = append(missing, name)
		case err != nil:
			return nil, err
		}
	}
	return missing, nil
}

func (s *Service) writeFile(ctx context.Context, z *zip.Writer, name string) error {
	sum, err := blob.ParseSum(name)
	if err != nil {
		return err
	}
	if s.Files.Blobs == nil {
		return apierr.Unavailable("no blob store is configured")
	}
	content, _, err := s.Files.Blobs.Get(ctx, sum)
	if err != nil {
		return err
	}
	entry, err := z.CreateHeader(&zip.FileHeader{Name: "files/" + name, Method: zip.Store})
	if err == nil {
		_, err = io.CopyBuffer(entry, onlyReader{content}, make([]byte, copyBuffer))
	}
	return errors.Join(err, content.Close())
}

// counter counts what is written.
type counter struct {
	io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	c.n += int64(n)
	return n, err
}

// fileName returns the name of a file of the job that is made at a time, in the published form.
func (j job) fileName(now wire.Time) string {
	const hour = "2006-01-02-15"
	return fmt.Sprintf("s_%s_SD-%s_ED-%s_GD-%s_%d.zip", j.company, j.starts.Std().Format(hour), j.ends.Std().Format(hour),
		now.Std().Format(time.DateOnly), int64(now))
}

// row returns the values of export_files.
func (f file) row(company wire.CompanyID, expires wire.Time) []any {
	return []any{
		f.id, company, f.job, f.part, f.name, strings.ToLower(f.name), f.size, f.sha256, f.jobType, f.format, f.starts, f.ends, f.uploaded,
		f.generated, expires,
	}
}
