package profiles_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"podium/internal/pod/accounts/features"
	"podium/internal/pod/profiles"
	"podium/podtest"
)

// plain returns a picture of one colour, in Base64.
func plain(t *testing.T, c color.Color) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 40, 20))
	draw.Draw(img, img.Bounds(), image.NewUniform(c), image.Point{}, draw.Src)
	var data bytes.Buffer
	if err := png.Encode(&data, img); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(data.Bytes())
}

var (
	red  = color.RGBA{255, 0, 0, 255}
	blue = color.RGBA{0, 0, 255, 255}
)

func avatarsOf(admin *podtest.User, id int64) map[string]string {
	var list []profiles.Avatar
	admin.Get("/pod/v1/admin/user/" + strconv.FormatInt(id, 10) + "/avatar").Want(200).Into(&list)
	urls := map[string]string{}
	for _, a := range list {
		urls[a.Size] = strings.TrimPrefix(a.URL, "..")
	}
	return urls
}

func upload(u *podtest.User, id int64, image string) podtest.Answer {
	return u.Post("/pod/v1/admin/user/"+strconv.FormatInt(id, 10)+"/avatar/update", map[string]string{"image": image})
}

// fetch requests an address without a session.
func fetch(t *testing.T, method, url string, headers ...string) (*http.Response, []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, body
}

func TestPicturesAreServed(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, bob := p.Bot("acme-admin"), p.User("bob")
		upload(bob, bob.ID, plain(t, red)).Want(200)
		urls := avatarsOf(admin, bob.ID)
		for size, want := range map[string]image.Point{
			"600": {600, 600}, "500": {500, 500}, "150": {150, 150}, "50": {50, 50}, "orig": {40, 20},
		} {
			response, body := fetch(t, "GET", p.URL+urls[size])
			img, err := png.Decode(bytes.NewReader(body))
			if err != nil || img.Bounds().Size() != want || color.RGBAModel.Convert(img.At(3, 3)) != red {
				t.Fatalf("%s: %d, %v", size, response.StatusCode, err)
			}
			for name, value := range map[string]string{
				"Content-Type": "image/png", "Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff",
				"Content-Length": strconv.Itoa(len(body)),
			} {
				if got := response.Header.Get(name); got != value {
					t.Errorf("%s: %s is %q", size, name, got)
				}
			}
		}
		whole, body := fetch(t, "GET", p.URL+urls["50"])
		if head, none := fetch(t, "HEAD", p.URL+urls["50"]); head.StatusCode != 200 || head.ContentLength != int64(len(body)) || len(none) > 0 {
			t.Errorf("HEAD: %d, %d bytes announced, %d sent", head.StatusCode, head.ContentLength, len(none))
		}
		for _, tag := range []string{whole.Header.Get("ETag"), `"other", ` + whole.Header.Get("ETag"), "*"} {
			if known, none := fetch(t, "GET", p.URL+urls["50"], "If-None-Match", tag); known.StatusCode != 304 || len(none) > 0 {
				t.Errorf("If-None-Match %s: %d", tag, known.StatusCode)
			}
		}
		if part, got := fetch(t, "GET", p.URL+urls["50"], "Range", "bytes=1-3"); part.StatusCode != 206 || string(got) != "PNG" {
			t.Errorf("a range: %d %q", part.StatusCode, got)
		}
		// People of another company who see Bob read his picture at their own pod's address.
		if there, got := fetch(t, "GET", p.SecondURL+urls["50"]); there.StatusCode != 200 || !bytes.Equal(got, body) {
			t.Errorf("at the other company's address: %d", there.StatusCode)
		}
		for _, wrong := range []string{
			strings.Replace(urls["50"], "/50/", "/150x/", 1), strings.Replace(urls["50"], "/190/", "/191/", 1),
			strings.Replace(urls["50"], strconv.FormatInt(bob.ID, 10), strconv.FormatInt(admin.ID, 10), 1), strings.ToLower(urls["50"]), urls["50"] + ".png",
		} {
			if response, _ := fetch(t, "GET", p.URL+wrong); response.StatusCode != 404 {
				t.Errorf("%s: %d", wrong, response.StatusCode)
			}
		}
		// Another picture has another address, and the previous one answers 404.
		upload(admin, bob.ID, plain(t, blue)).Want(200)
		if again := avatarsOf(admin, bob.ID); again["50"] == urls["50"] {
			t.Error("another picture has the same address")
		}
		if old, _ := fetch(t, "GET", p.URL+urls["50"]); old.StatusCode != 404 {
			t.Errorf("the picture before: %d", old.StatusCode)
		}
	})
}

func TestOwnPictureTakesTheFeature(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, bob := p.Bot("acme-admin"), p.User("bob")
		set(t, p, bob.ID, features.CanUpdateAvatar, false)
		upload(bob, bob.ID, plain(t, red)).Want(403)
		upload(admin, bob.ID, plain(t, red)).Want(200)
		set(t, p, bob.ID, features.CanUpdateAvatar, true)
		upload(bob, bob.ID, plain(t, red)).Want(200)
	})
}

// Two pictures at once: one of them is there in the end, whole.
func TestTwoPicturesAtOnce(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, bob := p.Bot("acme-admin"), p.User("bob")
		var both sync.WaitGroup
		for _, c := range []color.Color{red, blue, red, blue} {
			picture := plain(t, c)
			both.Go(func() { upload(admin, bob.ID, picture).Want(200) })
		}
		both.Wait()
		var first color.Color
		for size, url := range avatarsOf(admin, bob.ID) {
			response, body := fetch(t, "GET", p.URL+url)
			img, err := png.Decode(bytes.NewReader(body))
			if err != nil {
				t.Fatalf("%s: %d %v", size, response.StatusCode, err)
			}
			c := color.RGBAModel.Convert(img.At(5, 5))
			if first == nil {
				first = c
			}
			if c != first {
				t.Errorf("size %s is of another picture", size)
			}
		}
	})
}
