// What `fileproc-tui help visits` says; `topic-lines.ts` explains how it is written.
export const VISITS = `
    fileproc-tui ssh --data /srv/files   SSH alone, at port 2222, and no HTTP for anybody
    fileproc-tui serve --data /srv/files --ssh :2222   beside HTTP, for the same accounts
    ssh -t -p 2222 ann@files.example.org   the dashboard, with nothing installed there
    ssh -p 2222 ann@files.example.org status --json   commands; ssh ... help lists them
    cat sales.csv | ssh -p 2222 ann@files.example.org run - --json
    ssh -p 2222 ops@files.example.org run s3://bucket/sales.csv --json   with the credentials of the server: operators
    scp -P 2222 sales.csv ann@files.example.org:unprocessed/   files, also with sftp -P 2222
    rsync -rz -e 'ssh -p 2222' data/ ann@files.example.org:unprocessed/   a folder

- Who may come in stands in /srv/files/authorized_keys (or --ssh-keys), a public key on each line as OpenSSH has them, with what it may do
  in front: role=user,user="ann" ssh-ed25519 AAAA... ann@laptop. Without role= it may only look. Where the server has accounts, user= names
  the one that the key is for, and it may do no more than the account. from="10.0.0.0/8" and expiry-time="20271231" hold, too; a line with
  another option is not used, which is said.
- Each session has its own size and colours, by TERM, COLORTERM and NO_COLOR; its own signs, ASCII where its LANG is not UTF-8; and its own
  theme, keys, filter and frames a second, by FILEPROC_THEME, FILEPROC_KEYS, FILEPROC_FILTER and FILEPROC_FPS. 'ssh -o "SendEnv NO_COLOR
  FILEPROC_*"' sends them, or that line in ~/.ssh/config. All texts are in English. Forwarding is not there.
- 'sftp' and 'scp' see each user's own files: what is put into unprocessed/ is processed once it was closed, whole; processed/, failed/ and
  results/ are to be read. Nothing is left of what broke off, 'reget' goes on with a download, and folders are sent by scp -rp or put -R.
  Roles and quotas are those of the account; a role 'uploader' sends files in that others start. Where there are no accounts and --watch
  names a folder, it is that folder, which operators may read.
- 'rsync -r' and 'rsync -a', with -z, -n and -P as well, send files and folders into unprocessed/ in the same way. What was sent before is
  sent again; links, devices and empty folders are left out; times, owners and permissions are not kept; and nothing is ever replaced or
  removed: options for that are refused.
- --ssh-passwords lets accounts in by their password, too, and asks for the code of a second factor. An account that is disabled or reset,
  also by a command, is out within two seconds.
- The server makes its key at the first start, ssh_host_ed25519_key, and says its fingerprint.
`;
