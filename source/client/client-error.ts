// The one error of this room: what a server refuses, and why there is no answer at all.
import {codeOf, messageOf} from '../text/system-error.ts';

export interface ErrorParts {
	/** A stable upper-case word: a code of the server's table of problems, or one of `FAULTS` or `HTTP_502`. */
	readonly code: string;
	readonly title: string;
	readonly detail: string;
	/** What to do about it. */
	readonly remedy?: string | undefined;
	/** Of the answer; left out: there was none. */
	readonly status?: number | undefined;
	/** After so long it may go well. */
	readonly retryAfterMs?: number | undefined;
	/** What the server calls the request in its log. */
	readonly requestId?: string | undefined;
	readonly cause?: unknown;
}

/** The message is the detail with the remedy. */
export class ClientError extends Error {
	override readonly name = 'ClientError';
	readonly code: string;
	readonly title: string;
	readonly detail: string;
	readonly remedy: string | null;
	/** `null`: there was no answer. */
	readonly status: number | null;
	readonly retryAfterMs: number | null;
	readonly requestId: string | null;

	constructor({code, title, detail, remedy, status, retryAfterMs, requestId, cause}: ErrorParts) {
		super(remedy === undefined ? detail : `${/[.!?…]$/.test(detail) ? detail : `${detail}.`} ${remedy}`, {cause});
		this.code = code;
		this.title = title;
		this.detail = detail;
		this.remedy = remedy ?? null;
		this.status = status ?? null;
		this.retryAfterMs = retryAfterMs ?? null;
		this.requestId = requestId ?? null;
	}

	/** Whether the same request may go well a little later, with nothing done about it. */
	get mayPass(): boolean {
		return this.status === null ? PASSING_FAULTS.has(this.code) : PASSING_STATUSES.has(this.status);
	}
}

const PASSING_FAULTS: ReadonlySet<string> = new Set(['UNREACHABLE', 'CUT_OFF', 'TIMEOUT']);
/** 423: somebody is still writing to the upload; 507: the disk is full. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 423, 425, 429, 500, 502, 503, 504, 507]);

/** What goes wrong before there is an answer. */
const FAULTS: Readonly<Record<string, Pick<ErrorParts, 'code' | 'title' | 'detail' | 'remedy'>>> = {
	ENOTFOUND: {
		// Also what a laptop says that has just woken up.
		...{code: 'UNREACHABLE', title: 'The server cannot be reached'},
		detail: 'no machine of this name is known.',
		remedy: 'Check the address and the network.',
	},
	EAI_AGAIN: {
		...{code: 'UNREACHABLE', title: 'The server cannot be reached'},
		detail: 'the name cannot be looked up now.',
		remedy: 'Check the network.',
	},
	ECONNREFUSED: {
		...{code: 'UNREACHABLE', title: 'The server cannot be reached'},
		detail: 'nothing listens there.',
		remedy: 'Check the address and the port, and whether the server runs.',
	},
	CERT_HAS_EXPIRED: {
		...{code: 'TLS_CERTIFICATE', title: 'The certificate cannot be trusted'},
		detail: 'its certificate has expired.',
		remedy: 'Tell the operator, and check the clock of this machine.',
	},
	CERT_NOT_YET_VALID: {
		...{code: 'TLS_CERTIFICATE', title: 'The certificate cannot be trusted'},
		detail: 'its certificate is not valid yet.',
		remedy: 'Check the clock of this machine.',
	},
	ERR_TLS_CERT_ALTNAME_INVALID: {
		...{code: 'TLS_CERTIFICATE', title: 'The certificate cannot be trusted'},
		detail: 'its certificate is for another name.',
		remedy: 'Use the name that the certificate is for.',
	},
};

const NO_TLS = {
	...{code: 'TLS_PROTOCOL', title: 'TLS does not come about'},
	detail: 'the other side does not speak TLS, or none that both sides know.',
	remedy: 'Check whether the address begins with https:// or http://.',
};

const NO_HTTP = {
	...{code: 'UNEXPECTED_ANSWER', title: 'The answer is not understood'},
	detail: 'the other side does not speak HTTP.',
	remedy: 'Check the address and the port, and whether it begins with https:// or http://.',
};

const UNKNOWN_ISSUER = {
	...{code: 'TLS_CERTIFICATE', title: 'The certificate cannot be trusted'},
	detail: 'its certificate is signed by nobody whom this machine trusts.',
	remedy: 'Give the certificate of who has signed it, which the operator has: --ca-file <file.pem>.',
};

const UNKNOWN_ISSUER_CODES: ReadonlySet<string> = new Set([
	...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_GET_ISSUER_CERT'],
	...['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'CERT_UNTRUSTED'],
]);

/** Why there was no answer, or not all of one. */
export function toClientError(error: unknown, origin: string): ClientError {
	if (error instanceof ClientError) return error;
	const known = faultOf(codeOf(error) ?? '');
	if (known !== undefined) return new ClientError({...known, detail: `${origin}: ${known.detail}`, cause: error});
	return new ClientError({
		...{code: 'CUT_OFF', title: 'The connection was cut', cause: error},
		detail: `${origin}: the connection was cut: ${messageOf(error)}.`,
		remedy: 'Try again.',
	});
}

function faultOf(code: string) {
	if (UNKNOWN_ISSUER_CODES.has(code)) return UNKNOWN_ISSUER;
	if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return NO_TLS;
	return code.startsWith('HPE_') ? NO_HTTP : FAULTS[code];
}

export const timeoutError = (origin: string, timeoutMs: number): ClientError =>
	new ClientError({
		...{code: 'TIMEOUT', title: 'The server does not answer'},
		detail: `${origin}: nothing has come for ${timeoutMs / 1000} s.`,
		remedy: 'Try again, or check the network.',
	});

/** An answer that no server of ours gives: a proxy, or something else at this address. */
export const unexpectedAnswer = (origin: string, found: string, status?: number): ClientError =>
	new ClientError({
		...{code: 'UNEXPECTED_ANSWER', title: 'The answer is not understood', status},
		detail: `${origin}: expected an answer of fileproc-tui serve, but got ${found}.`,
		remedy: 'Check the address.',
	});
