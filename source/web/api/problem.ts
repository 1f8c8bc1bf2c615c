// What the server answers to a request that it refuses (RFC 9457).

export interface ProblemBody {
	readonly status: number;
	/** `TOO_LARGE`, `NOT_FOUND` … */
	readonly code: string;
	readonly title: string;
	/** For people: what was expected, what was found, what to try. */
	readonly detail: string;
	readonly [more: string]: unknown;
}

export class ProblemError extends Error {
	override readonly name = 'ProblemError';
	readonly status: number;
	readonly code: string;
	readonly body: ProblemBody | null;
	/** `null`: the server does not say. */
	readonly retryAfterMs: number | null;

	constructor(status: number, body: ProblemBody | null, retryAfter: string | null) {
		super(body?.detail ?? body?.title ?? `The server answered with status ${status}`);
		this.status = status;
		this.code = body?.code ?? 'UNKNOWN';
		this.body = body;
		this.retryAfterMs = retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) * 1000 : null;
	}

	/** Whether the same request may go well later. */
	get mayPass(): boolean {
		return this.status === 429 || this.status >= 500;
	}
}

/** The server cannot be reached. */
export class NetworkError extends Error {
	override readonly name = 'NetworkError';
}

export async function problemOf(response: Response): Promise<ProblemError> {
	let body: ProblemBody | null = null;
	try {
		const parsed: unknown = await response.json();
		if (typeof parsed === 'object' && parsed !== null && 'code' in parsed) body = parsed as ProblemBody;
	} catch {
		// What is in front of the server may answer something else.
	}
	return new ProblemError(response.status, body, response.headers.get('retry-after'));
}
