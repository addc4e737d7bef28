package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// S3 is a store in a bucket of an S3-compatible server: the content abcdef… is the object
// PREFIX/ab/cdef….
type S3 struct {
	client *minio.Client
	bucket string
	prefix string // empty, or it ends in a slash
}

// S3Config is the input of OpenS3.
type S3Config struct {
	// Address is s3://BUCKET or s3://BUCKET/PREFIX, with the parameters endpoint (an address such as
	// https://s3.example.com; by default Amazon's) and region.
	Address string

	Key, Secret, Token string // the credentials; Token may be empty
}

// OpenS3 returns the store in a bucket. It does not call the server.
func OpenS3(c S3Config) (*S3, error) {
	u, err := url.Parse(c.Address)
	if err != nil || u.Scheme != "s3" || u.Host == "" || u.User != nil {
		return nil, errors.New("an address such as s3://bucket?endpoint=https://s3.example.com is expected, without credentials")
	}
	query := u.Query()
	for name := range query {
		if name != "endpoint" && name != "region" {
			return nil, fmt.Errorf("s3://%s: unknown parameter %s: endpoint and region are known", u.Host, name)
		}
	}
	endpoint, err := url.Parse(query.Get("endpoint"))
	switch {
	case query.Get("endpoint") == "":
		endpoint = &url.URL{Scheme: "https", Host: "s3.amazonaws.com"}
	case err != nil || endpoint.Host == "" || endpoint.User != nil || endpoint.Scheme != "https" && endpoint.Scheme != "http":
		return nil, fmt.Errorf("s3://%s: the endpoint must be an http or https address without credentials", u.Host)
	}
	if c.Key == "" || c.Secret == "" {
		return nil, fmt.Errorf("s3://%s: the credentials are missing", u.Host)
	}
	transport, err := minio.DefaultTransport(endpoint.Scheme == "https")
	if err != nil {
		return nil, err
	}
	transport.MaxIdleConnsPerHost, transport.ResponseHeaderTimeout = 64, time.Minute
	transport.WriteBufferSize, transport.ReadBufferSize = copyBuffer, copyBuffer
	client, err := minio.New(endpoint.Host, &minio.Options{
		Creds:     credentials.NewStaticV4(c.Key, c.Secret, c.Token),
		Secure:    endpoint.Scheme == "https",
		Region:    query.Get("region"),
		Transport: transport,
	})
	if err != nil {
		return nil, err
	}
	prefix := strings.Trim(u.Path, "/")
	if prefix != "" {
		prefix += "/"
	}
	return &S3{client: client, bucket: u.Host, prefix: prefix}, nil
}

// Check fails if the bucket does not exist or the credentials do not open it. Get cannot tell a
// missing bucket from a missing content.
func (s *S3) Check(ctx context.Context) error {
	ok, err := s.client.BucketExists(ctx, s.bucket)
	if err == nil && !ok {
		err = fmt.Errorf("s3://%s: there is no such bucket", s.bucket)
	}
	return err
}

func (s *S3) object(sum Sum) string {
	name := sum.String()
	return s.prefix + name[:2] + "/" + name[2:]
}

// none reports whether an error of the server says that there is no such object.
func none(err error) bool {
	answer := minio.ToErrorResponse(err)
	return answer.Code == minio.NoSuchKey || answer.StatusCode == http.StatusNotFound && answer.Code != minio.NoSuchBucket
}

// Put implements Store.
func (s *S3) Put(ctx context.Context, sum Sum, size int64, content io.ReadSeeker) error {
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := Verify(interruptible{ctx, content}, sum, size); err != nil {
		return err
	}
	info, err := s.client.StatObject(ctx, s.bucket, s.object(sum), minio.StatObjectOptions{})
	if err == nil && info.Size == size {
		return nil
	}
	if err != nil && !none(err) {
		return err
	}
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err = s.client.PutObject(ctx, s.bucket, s.object(sum), content, size, minio.PutObjectOptions{
		ContentType: "application/octet-stream", DisableMultipart: true,
		DisableContentSha256: size == 0, // a signed empty stream would have no Content-Length
	})
	return err
}

// Get implements Store.
func (s *S3) Get(ctx context.Context, sum Sum) (io.ReadSeekCloser, int64, error) {
	object, err := s.client.GetObject(ctx, s.bucket, s.object(sum), minio.GetObjectOptions{})
	if err != nil {
		return nil, 0, err
	}
	info, err := object.Stat()
	if err == nil {
		return object, info.Size, nil
	}
	if none(err) {
		err = ErrNone
	}
	return nil, 0, errors.Join(err, object.Close())
}

// Delete implements Store.
func (s *S3) Delete(ctx context.Context, sum Sum) error {
	err := s.client.RemoveObject(ctx, s.bucket, s.object(sum), minio.RemoveObjectOptions{})
	if err != nil && none(err) {
		return nil
	}
	return err
}

// List implements Store.
func (s *S3) List(ctx context.Context, found func(Entry) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for object := range s.client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: s.prefix, Recursive: true}) {
		if object.Err != nil {
			return object.Err
		}
		sum, err := ParseSum(strings.Replace(strings.TrimPrefix(object.Key, s.prefix), "/", "", 1))
		if err != nil {
			continue // not one of ours
		}
		if err := found(Entry{Sum: sum, Size: object.Size, Modified: object.LastModified}); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// Tidy implements Store. A Put is one request, of which nothing is left if it ends halfway.
func (s *S3) Tidy(context.Context, time.Time) error { return nil }
