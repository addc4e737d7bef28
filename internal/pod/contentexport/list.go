package contentexport

import (
	"strconv"
	"strings"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
)

var listFiles = op.Operation[Service]{
	ID:      "listExportFiles",
	Route:   "GET /files/v1",
	Tag:     tag,
	Summary: "Page through the content export files of the company.",
	About:   "The header X-Total-Count has the number of files on all pages.",
	Needs:   reader,
	Errors:  fileErrors,
	Handle:  op.Read((*Service).list),
}

type listInput struct {
	Type           FileType `query:"type"`
	Page           int64    `query:"page" default:"1" min:"1" max:"1000000"`
	PageSize       int64    `query:"pageSize" default:"10" min:"1" max:"100"`
	SortBy         string   `query:"sortBy" default:"uploadTime" enum:"name,generationDate,uploadTime,size,jobType,fileFormat,startTime,endTime"`
	SortOrder      string   `query:"sortOrder" default:"asc" enum:"asc,desc"`
	Name           string   `query:"name" required:"false" maxLength:"256" doc:"A part of the name, in any case."`
	UploadAfter    *Instant `query:"upload-after"`
	UploadBefore   *Instant `query:"upload-before"`
	JobType        *JobType `query:"jobType"`
	FileFormat     *Format  `query:"fileFormat"`
	StartTimeAfter *Instant `query:"startTime-after"`
	EndTimeBefore  *Instant `query:"endTime-before"`
	GenerationDate *Day     `query:"generationDate"`
}

// columns maps the names of sortBy to columns.
var columns = map[string]string{
	"name": "name", "generationDate": "generated", "uploadTime": "uploaded", "size": "size", "jobType": "job_type",
	"fileFormat": "format", "startTime": "starts", "endTime": "ends",
}

const selectFiles = `
	SELECT id, job, part, name, size, sha256, job_type, format, starts, ends, uploaded, generated
	FROM export_files`

func scanFile(row db.Row) (f file, err error) {
	return f, row.Scan(&f.id, &f.job, &f.part, &f.name, &f.size, &f.sha256, &f.jobType, &f.format, &f.starts, &f.ends, &f.uploaded, &f.generated)
}

func (s *Service) list(tx *db.Tx, caller auth.Caller, in listInput) (op.Headed[[]FileMetadata], error) {
	where, args := in.condition(tx, caller)
	total, err := db.Value[int64](tx, `SELECT COUNT(*) FROM export_files`+where, args...)
	if err != nil {
		return op.Headed[[]FileMetadata]{}, err
	}
	n := len(args)
	found, err := db.All(tx, scanFile, selectFiles+where+`
		ORDER BY `+columns[in.SortBy]+` `+in.SortOrder+`, id `+in.SortOrder+`
		LIMIT $`+strconv.Itoa(n+1)+` OFFSET $`+strconv.Itoa(n+2), append(args, in.PageSize, (in.Page-1)*in.PageSize)...)
	page := make([]FileMetadata, len(found))
	for i, f := range found {
		page[i] = f.metadata()
	}
	return op.Headed[[]FileMetadata]{Value: page, Headers: map[string]string{"X-Total-Count": strconv.FormatInt(total, 10)}}, err
}

// condition returns the condition of the files that are listed, and its arguments.
func (in listInput) condition(tx *db.Tx, caller auth.Caller) (string, []any) {
	where, args := "\n		WHERE company = $1 AND expires > $2", []any{caller.Company, tx.Now()}
	and := func(condition string, value any) {
		args = append(args, value)
		where += " AND " + condition + " $" + strconv.Itoa(len(args))
	}
	if in.Name != "" {
		and("name_folded LIKE", "%"+literally.Replace(strings.ToLower(in.Name))+"%")
		where += ` ESCAPE '\'`
	}
	for _, t := range []struct {
		given     *Instant
		condition string
	}{
		{in.UploadAfter, "uploaded >"}, {in.UploadBefore, "uploaded <"}, {in.StartTimeAfter, "starts >"}, {in.EndTimeBefore, "ends <"},
	} {
		if t.given != nil {
			and(t.condition, t.given.at)
		}
	}
	if in.JobType != nil {
		and("job_type =", *in.JobType)
	}
	if in.FileFormat != nil {
		and("format =", *in.FileFormat)
	}
	if in.GenerationDate != nil {
		and("generated =", *in.GenerationDate)
	}
	return where, args
}

// literally makes LIKE take a text as it is.
var literally = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
