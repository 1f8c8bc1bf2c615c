// Answers that say what is wrong, as RFC 9457 has it.
import {PROBLEMS, type ProblemCode} from './problem-catalog.ts';
import type {ProblemEntry} from './problem-entry.ts';

export interface ProblemDetails {
	/** Seconds after which it may go well. */
	readonly retryAfter?: number;
	/** The limit that is used up. */
	readonly limit?: SpentLimit;
	/** Further members: limits, counts. */
	readonly more?: Readonly<Record<string, unknown>>;
	/** The id of the account that it is about, for the audit log; no answer has it. */
	readonly about?: string | null;
}

export interface SpentLimit {
	/** As `tasks`. */
	readonly name: string;
	readonly quota: number;
	/** Whether it is of requests in a time, of which every answer says what is left; else it is of what there may be at once. */
	readonly isOfTime?: boolean;
}

export class Problem extends Error {
	override readonly name = 'Problem';
	readonly code: ProblemCode;
	readonly status: number;
	readonly retryAfter: number | undefined;
	readonly limit: SpentLimit | undefined;
	readonly about: string | null;
	readonly #entry: ProblemEntry;
	/** Further members. */
	readonly more: Readonly<Record<string, unknown>>;

	constructor(code: ProblemCode, detail: string, {retryAfter, limit, more = {}, about = null}: ProblemDetails = {}) {
		super(detail);
		this.#entry = PROBLEMS[code];
		this.code = code;
		this.status = this.#entry.status;
		this.retryAfter = retryAfter;
		this.limit = limit;
		this.more = more;
		this.about = about;
	}

	/** @param asked - The path, and what the request is called in the log; nothing, where it could not be read. */
	body(asked: {readonly instance?: string; readonly request_id?: string}): object {
		const {title, remedy, type = `/docs/problems/${pathOfProblem(this.code)}`} = this.#entry;
		const {status, message: detail, code, retryAfter, limit} = this;
		return {
			...{type, title, status, detail, remedy, ...asked, code},
			...(retryAfter !== undefined && {retry_after_seconds: retryAfter}),
			...(limit !== undefined && {'violated-policies': [limit.name]}),
			...this.more,
		};
	}
}

/** As `not-found`. */
export const pathOfProblem = (code: ProblemCode): string => code.toLowerCase().replaceAll('_', '-');

export const problem = (code: ProblemCode, detail: string, details?: ProblemDetails): Problem =>
	new Problem(code, detail, details);

/** What is not there and what belongs to somebody else look alike. */
export const notFound = (what: string): Problem => problem('NOT_FOUND', `There is no such ${what}.`);

export const unauthorized = (): Problem => problem('UNAUTHORIZED', 'The request comes from nobody who is known here.');

export const forbidden = (role: string): Problem => problem('FORBIDDEN', `The role ${role} may not do this.`);
