// Sends a notice as mail, by the SMTP server of the operator. nodemailer is loaded with the first one.
import {readFileSync} from 'node:fs';
import type {Transporter} from 'nodemailer';
import {escapeInvisible} from '../../text/escape-invisible.ts';
import {messageOf} from '../../text/system-error.ts';
import {ServeError} from '../serve-error.ts';
import type {Sending, Sent} from './sending.ts';

export interface MailOptions {
	/** A file with the address of the SMTP server, as `smtps://name:password@mail.example.com`. */
	readonly urlFile: string;
	readonly from: string;
}

const TIMEOUT_MS = 20_000;

export class Mailer {
	readonly #url: string;
	readonly #from: string;
	#transport: Promise<Transporter> | null = null;

	/** @throws {ServeError} When the file cannot be used. */
	constructor({urlFile, from}: MailOptions) {
		this.#url = readUrl(urlFile);
		this.#from = from;
	}

	/** A mail that is under way is not taken back: the signal is heard before it. */
	async send({url, notice, signal}: Sending): Promise<Sent> {
		signal.throwIfAborted();
		const {subject, text} = mailOf(JSON.parse(notice.body) as NoticeBody);
		this.#transport ??= this.#open();
		try {
			await (await this.#transport).sendMail({
				...{from: this.#from, to: addressOf(url), subject, text},
				// The same in all attempts, so that mail programs show it once.
				messageId: `<${notice.id}@${this.#from.split('@')[1] ?? 'fileproc-tui'}>`,
				headers: {'Auto-Submitted': 'auto-generated'},
				...{disableFileAccess: true, disableUrlAccess: true},
			});
			return {status: null, fault: null, retryAfterMs: 0, isGone: false};
		} catch (error) {
			const status = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : null;
			return {status, fault: `The mail was not taken: ${messageOf(error)}`, retryAfterMs: 0, isGone: false};
		}
	}

	async close(): Promise<void> {
		(await this.#transport)?.close();
	}

	async #open(): Promise<Transporter> {
		const {createTransport} = await import('nodemailer');
		return createTransport({
			url: this.#url,
			...{connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS},
		});
	}
}

export const addressOf = (url: string): string => decodeURIComponent(new URL(url).pathname);

/** @throws {ServeError} */
function readUrl(path: string): string {
	let text: string;
	try {
		text = readFileSync(path, 'utf8').trim();
	} catch (error) {
		throw new ServeError(`The file of --smtp-url-file cannot be read: ${messageOf(error)}.`);
	}
	// What is in it is a secret, so it is not shown.
	if (!/^smtps?:$/.test(URL.parse(text)?.protocol ?? ''))
		throw new ServeError(
			`${path} of --smtp-url-file does not hold the address of an SMTP server: expected one line like smtps://name:password@mail.example.com.`,
		);
	return text;
}

interface NoticeBody {
	readonly type: string;
	readonly timestamp: string;
	readonly data: {
		readonly file?: string;
		readonly status?: string;
		readonly rows?: number | null;
		readonly rejected_rows?: number | null;
		readonly size?: number;
		readonly error?: {readonly message: string} | null;
		readonly code?: string;
		readonly webhook_id?: string;
		readonly links?: Readonly<Record<string, string>>;
	};
}

function mailOf({type, timestamp, data}: NoticeBody): {readonly subject: string; readonly text: string} {
	const {file, status, rows, rejected_rows: rejectedRows, size, error, code, links = {}} = data;
	if (code !== undefined)
		return {
			subject: 'Confirm that notices may come here',
			text: `Somebody wants notices of fileproc-tui sent to this address. If that was you, confirm it with this code:\n\n${code}\n\nas POST /api/v1/webhooks/${data.webhook_id}/confirm {"code": "…"}. Otherwise do nothing: no further mail comes.\n`,
		};
	const name = escapeInvisible(file ?? '');
	const outcome = status?.toLowerCase() ?? (type === 'webhook.test' ? 'this is a test' : 'has come in');
	const lines = [
		`${name === '' ? 'fileproc-tui' : name}: ${outcome}`,
		...(rows == null ? [] : [`${rows} rows, ${rejectedRows ?? 0} of them rejected`]),
		...(size === undefined ? [] : [`${size} bytes`]),
		...(error == null ? [] : [escapeInvisible(error.message)]),
		timestamp,
		...Object.entries(links).map(([what, path]) => `${what}: ${path}`),
	];
	return {subject: lines[0] ?? '', text: `${lines.join('\n')}\n`};
}
