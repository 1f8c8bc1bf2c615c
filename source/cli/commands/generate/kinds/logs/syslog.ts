import {formatDay} from '../../kind.ts';
import {NEWLINE} from '../../row-buffer.ts';
import {LogClock} from './log-clock.ts';
import type {LogForm} from './log-form.ts';
import {monthOf} from './month.ts';
import {compileTemplates} from './template.ts';

const writeHost = compileTemplates([
	[50, ' web-{digit} '],
	[30, ' mail '],
	[20, ' db-1 '],
]);

const writeMessage = compileTemplates([
	[16, 'sshd[{pid}]: Accepted publickey for {user} from {client} port {port} ssh2: ED25519 SHA256:{hex}{hex}'],
	[9, 'sshd[{pid}]: Failed password for invalid user {user} from {client} port {port} ssh2'],
	[6, 'sshd[{pid}]: pam_unix(sshd:auth): authentication failure; tty=ssh rhost={client} user={user}'],
	[7, 'sshd[{pid}]: Disconnected from user {user} {client} port {port}'],
	[12, 'CRON[{pid}]: (root) CMD (run-parts --report /etc/cron.hourly)'],
	[8, 'systemd[1]: Started Session {count} of user {user}.'],
	[6, 'systemd[1]: logrotate.service: Deactivated successfully.'],
	[10, 'kernel: [{id}.{microsecond}] [UFW BLOCK] IN=eth0 OUT= SRC={client} LEN=60 PROTO=TCP SPT={port} DPT=22'],
	[2, 'kernel: [{id}.{microsecond}] Out of memory: Killed process {pid} (java)'],
	[9, 'postfix/smtpd[{pid}]: connect from unknown[{client}]'],
	[5, 'postfix/qmgr[{pid}]: {hex}: from=<orders@example.com>, size={bytes}, nrcpt={digit} (queue active)'],
	[7, 'imapd[{pid}]: login user={user} ip={client} method=PLAIN secured=yes'],
	[4, 'vpnd[{pid}]: tunnel closed user={user} ip={client} bytes={bytes} seconds={count}'],
	[4, 'sudo[{pid}]: {user} : TTY=pts/{digit} ; PWD=/srv ; USER=root ; COMMAND=/usr/bin/systemctl reload nginx'],
]);

/** Syslog as in files: the time and host of RFC 3164 without a priority; a sixth of the lines has a `user=` pair. */
export const syslog: LogForm = (random, day, lineCount) => {
	const clock = new LogClock(random, lineCount);
	const dayOfMonth = Number(formatDay(day).slice(8));
	const date = new TextEncoder().encode(`${monthOf(day)} ${String(dayOfMonth).padStart(2)} `);
	return buffer => {
		clock.advance();
		buffer.writeBytes(date);
		buffer.writeBytes(clock.bytes);
		writeHost(buffer, random);
		writeMessage(buffer, random);
		buffer.writeByte(NEWLINE);
	};
};
