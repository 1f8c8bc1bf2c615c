// What `fileproc-tui help accounts` says; `topic-lines.ts` explains how it is written.
export const ACCOUNTS = `
Without --open, a start prints a link by which the first admin is made, as long as there is none; --registration open lets anybody make an
account. Nobody sees what another has. Each role may do what those above it may; /docs/actions has the routes, commands and keys of each
action.

    curl -H 'Content-Type: application/json' -d '{"name": "ann", "password": "..."}' http://127.0.0.1:8000/api/v1/auth/login   -> {"token": "fps_...", ...}
    curl -H 'Authorization: Bearer fps_...' -F file=@sales.csv http://127.0.0.1:8000/upload

    fileproc-tui users add ann --role user                 prints a password, which ann changes at the first login; --password-stdin reads one
    fileproc-tui users list                                also role <name> <role>, disable, enable, reset and reset-2fa <name>
    fileproc-tui token create nightly --account ann --scopes read,upload
    fileproc-tui audit verify ./fileproc-data              whether the log of who has done what is as it was written; export writes its lines as JSON

These work while the server runs, and admins do the same by /api/v1/users and /api/v1/invitations; the last admin stays one. Who is disabled
or gets another password is out at the next request, and their streams of events end within five seconds.

- A password has 8 characters or more, of any kind, and is none of the 49,000 that guessers try first, nor of those in the list of
  --breached-passwords <file>: SHA-1 in lines, ordered by hash, as Have I Been Pwned gives it out. 'serve' and 'users' look into it only
  where the flag is given to each of them.
- POST /api/v1/auth/login with {"name": ..., "password": ...} gives a token for Authorization: Bearer .... It ends when it is not used for
  --session-idle (8h), and after --session-ttl (7d). /api/v1/sessions lists logins and ends them; POST /api/v1/auth/password with
  current_password and new_password ends all others.
- Admins need a second factor, others may have one: POST /api/v1/auth/second-factor with {"password": ...} gives a secret for an app (TOTP),
  and .../confirm with its first {"code": ...} ten recovery codes. A login is then answered 401 SECOND_FACTOR_NEEDED, and sent once more with
  'code'. An admin who has none yet can only add one; --require-second-factor user asks it of others, too. Who has lost it: users reset-2fa
  <name>.
- People log in by the provider of the company (OpenID Connect) where 'serve' has --oidc-issuer, --oidc-client-id, --oidc-client-secret-file
  and says by --oidc-allow groups=analysts whom it may let in; /api/v1/auth/oidc begins it, and https://<server>/api/v1/auth/oidc/callback
  is what the provider is to send them back to. Whenever what it has said expires, it is asked again: who has left the group is out, with
  all tokens, programs and drop links. While the provider is away nobody is out for an hour; then nothing holds until it says so again. A
  login without a refresh token (--oidc-scope "openid profile email offline_access") ends then.
- A scanner looks at each file before anybody reads it: serve --scan-command "clamdscan --fdpass --no-summary", or --scan-clamd
  /run/clamav/clamd.ctl. Until then the file is SCANNING, its tasks wait, and it is not given out. What the scanner calls harmful is
  removed, its tasks fail with BLOCKED_BY_SCAN, and the event file-scanned says why. --on-scan-outage says what happens while the scanner
  says nothing: 'hold' (files wait, and go on by themselves), 'allow', or 'reject': files are taken and removed at once, as harmful ones are.
  A request for such a file gets 404 with this reason, and what is wrong with the scanner is on standard error of the server.
- What is sent in is encrypted on the disk (AES-256-GCM) where 'serve' has --encryption-key-file <file>, with 32 bytes that only its user
  may read: openssl rand -hex 32. Another key goes into the line in front of the one before, which is needed until the files that it has
  encrypted are gone. Uploads that are on their way are, too, and a change, a cut or a wrong key is told. Keep the key in another place than
  the data: without it nothing is read. Files from before encryption stay as they are, and are told. Not
  encrypted: results, tables, rejected records, names, events and all else in the ledger, and a watched folder. Programs (--scan-command)
  cannot read such files, workers (--queue) only with the same key file.
- A program can be let in without typing a password into it (RFC 8628): it shows a code (fileproc-tui login <url> --device, or POST
  /api/v1/auth/device/code), and somebody who is logged in types it at /device, or says fileproc-tui login <url> --allow <code>. The code is
  of use for 15 minutes, once.
- Others send files to you by a drop link: POST /api/v1/droplinks with {"name": ..., "max_bytes": ..., "max_files": ..., "expires_in": ...} shows
  its token once. It goes as Authorization: Bearer fpd_... with /upload, tus and PUT, and may do nothing but that, and see at /api/v1/drop
  what came by it. The files count in your quota.
- Programs have tokens of their own, with scopes: POST /api/v1/tokens with {"name": ..., "scopes": ["read", "upload", "run"]} shows one once.
  It expires after 90 days, or after expires_in.

Each flag of 'serve' alone has a variable (FILEPROC_MAX_QUEUED=500; several addresses with commas). Secrets are never words of the command
line: --tls-key, --metrics-token-file, --oidc-client-secret-file, --encryption-key-file and --smtp-url-file name files, as do their
variables (FILEPROC_SMTP_URL_FILE); those that systemd lays into $CREDENTIALS_DIRECTORY (LoadCredential=smtp-url:...) as tls-cert, tls-key,
metrics-token, oidc-client-secret, encryption-key and smtp-url are found by themselves.

Whatever is changed, logins, and what somebody was refused is in the audit log: who, from where, what, on what, with the id of the request.
/api/v1/audit has it, for admins. Each line has a hash of itself and the line in front of it. Keep what audit export says last in another
place: with audit verify --head <number:hash> a log that was cut off or made anew is seen, too.
`;
