// What `fileproc-tui help objects` says; `topic-lines.ts` explains how it is written.
export const OBJECTS = `
    fileproc-tui 's3://bucket/2026/**/*.csv'                     objects of any store that speaks S3
    fileproc-tui https://example.org/data.csv.gz                 a file of a web server
    fileproc-tui s3://bucket/in/ --report s3://bucket/out/report.json --export s3://bucket/out/

Where a command takes paths, it takes addresses, also in the list of --files-from; folders, patterns and skipped files are as on a disk, and
so is the report, but for names and times. What --report, --export, --rejects, --record, convert -o and get -o write to s3:// is there as a
whole or not at all, and lies in the folder for temporary files (TMPDIR) until then. Logs and ledgers, which are written to all the time, are
files of this machine, and so are the folders of 'watch', 'serve' and 'backup'.

- Endpoint, region and credentials are those of the tools of AWS: AWS_ACCESS_KEY_ID and its like, AWS_PROFILE, ~/.aws, roles of a machine,
  AWS_REGION, and for other stores AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL. Web servers get the user and password of the address.
  HTTPS_PROXY and NO_PROXY hold. What is secret in an address, signatures too, is in no report, log, event or ledger.
- Large objects are read in ranges of 8 MiB by several threads, each asked for by the ETag of the first one: an object that is replaced
  meanwhile is read again, and fails as CHANGED_WHILE_READING where that happens each time (--retries). An answer that breaks off goes on
  where it did; a busy server is waited for. A web server without ranges, or without ETag and time of change, gives its file as a stream.
- Of a .zip its list and the files that are read are fetched, of a plain .tar the headers and these files. A packed .tar is fetched twice: as a
  whole for its list, and for its files as far as they lie. s3://bucket/a.zip!dir/b.csv is one file of an archive. A web server must have ranges.
- --resume, 'history' and 'verify' know an object by its address, ETag and size.
- What comes into a bucket is read by a run that a timer starts, as a watched folder is on this machine, where files can be moved:
  'fileproc-tui s3://bucket/in/ --save --resume' reads only what is new or has changed, and files of archives each time.
- 'push <server> s3://bucket/in/' sends objects to a server, 'replay' plays a recording, and 'watch --input' and 'routes check' take one along
  the routes of a watched folder: each is fetched into TMPDIR for it. Operators may have a server read an object itself, by ssh: 'run s3://bucket/key'.
`;
