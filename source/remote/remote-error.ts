// What goes wrong with objects on other machines, in words for a person: what, where, and what to try. Never with a secret.

export type RemoteErrorCode =
	| 'NO_SUCH_BUCKET'
	| 'NO_SUCH_OBJECT'
	| 'ACCESS_DENIED'
	| 'NO_CREDENTIALS'
	| 'WRONG_CREDENTIALS'
	| 'WRONG_REGION'
	| 'OBJECT_ARCHIVED'
	| 'OBJECT_EXISTS'
	| 'ARCHIVE_ELSEWHERE'
	| 'HTTP_STATUS'
	| 'NO_SUCH_HOST'
	| 'TLS_FAILED'
	| 'SERVER_UNAVAILABLE'
	| 'SERVER_BUSY'
	| 'SERVER_SILENT'
	| 'CONNECTION_LOST'
	| 'CONNECTION_REFUSED'
	| 'SHORT_ANSWER'
	| 'BAD_ANSWER';

/** What a moment later may be different. `engine/jobs/retry-policy.ts` tries such files again as a whole. */
const passingCodes: ReadonlySet<string> = new Set<RemoteErrorCode>([
	'SERVER_UNAVAILABLE',
	'SERVER_BUSY',
	'SERVER_SILENT',
	'CONNECTION_LOST',
	'CONNECTION_REFUSED',
	'SHORT_ANSWER',
]);

export const isPassingCode = (code: string): boolean => passingCodes.has(code);

export class RemoteError extends Error {
	override readonly name = 'RemoteError';
	readonly code: RemoteErrorCode;
	/** How long the server wants to be left alone; `null` where it does not say. */
	readonly waitMs: number | null;

	constructor(
		code: RemoteErrorCode,
		message: string,
		{cause, waitMs = null}: {cause?: unknown; waitMs?: number | null} = {},
	) {
		super(message, cause === undefined ? undefined : {cause});
		this.code = code;
		this.waitMs = waitMs;
	}

	get isPassing(): boolean {
		return isPassingCode(this.code);
	}
}

/** Of an error of Node, of a socket or of TLS. `null` for any other. @param where - The host, and its port where that is not the usual one. */
export function explainConnection(error: unknown, where: string): RemoteError | null {
	if (error instanceof AggregateError && error.errors.length > 0) return explainConnection(error.errors[0], where);
	const code = codeOf(error);
	if (code === null) return null;
	const failed = (as: RemoteErrorCode, message: string): RemoteError =>
		new RemoteError(as, `${message} (${code})`, {cause: error});
	if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_NODATA')
		return failed(
			'NO_SUCH_HOST',
			`The name ${where} leads to no machine: check its spelling, and that this machine has a network and DNS`,
		);
	if (code === 'ECONNREFUSED')
		return failed(
			'CONNECTION_REFUSED',
			`Nothing listens at ${where}: check the address and the port, and that the server runs`,
		);
	if (code === 'ETIMEDOUT' || code === 'ESOCKETTIMEDOUT' || code === 'TimeoutError')
		return failed('SERVER_SILENT', `${where} did not answer in time: check the network, and firewalls between`);
	if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH' || code === 'ENETDOWN' || code === 'EHOSTDOWN')
		return failed('SERVER_UNAVAILABLE', `${where} cannot be reached: check the network`);
	if (/^(?:ECONNRESET|EPIPE|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE|ERR_HTTP2_.*|HPE_.*)$/.test(code))
		return failed('CONNECTION_LOST', `The connection to ${where} was lost`);
	if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|ERR_TLS|EPROTO/.test(code))
		return failed(
			'TLS_FAILED',
			`No safe connection to ${where}: its certificate or its TLS is not accepted. Where it has a certificate of your own authority, set NODE_EXTRA_CA_CERTS to the file of that`,
		);
	return null;
}

/** Of an error in the middle of an answer. */
export function explainBroken(error: unknown, where: string): Error {
	if (error instanceof RemoteError) return error;
	const message = error instanceof Error ? error.message : String(error);
	return (
		explainConnection(error, where) ??
		new RemoteError('CONNECTION_LOST', `The connection to ${where} was lost: ${message}`, {cause: error})
	);
}

function codeOf(error: unknown): string | null {
	if (!(error instanceof Error)) return null;
	if ('code' in error && typeof error.code === 'string') return error.code;
	return error.name === 'TimeoutError' ? error.name : null;
}
