// Answers that say what is wrong, as RFC 9457 has it.
export interface ProblemMembers {
	/** A stable upper-case word. */
	readonly code: string;
	readonly title: string;
	readonly detail: string;
	/** Seconds after which it may go well. */
	readonly retryAfter?: number;
	/** Further members: limits, counts. */
	readonly more?: Readonly<Record<string, unknown>>;
	/** An IANA type where there is one. */
	readonly type?: string;
}

export class Problem extends Error {
	override readonly name = 'Problem';
	readonly status: number;
	readonly members: ProblemMembers;

	constructor(status: number, members: ProblemMembers) {
		super(members.detail);
		this.status = status;
		this.members = members;
	}

	body(instance: string): object {
		const {code, title, detail, retryAfter, more, type} = this.members;
		return {
			type: type ?? `/docs/problems/${code.toLowerCase().replaceAll('_', '-')}`,
			...{title, status: this.status, detail, instance, code},
			...(retryAfter !== undefined && {retry_after_seconds: retryAfter}),
			...more,
		};
	}
}

/** What is not there and what belongs to somebody else look alike. */
export const notFound = (what: string): Problem =>
	new Problem(404, {code: 'NOT_FOUND', title: 'Not found', detail: `There is no such ${what}.`});

export const unauthorized = (): Problem =>
	new Problem(401, {
		code: 'UNAUTHORIZED',
		title: 'Not logged in',
		detail: 'Log in, or send a token as Authorization: Bearer ….',
	});

export const forbidden = (role: string): Problem =>
	new Problem(403, {code: 'FORBIDDEN', title: 'Not allowed', detail: `The role ${role} may not do this.`});

export const badRequest = (code: string, detail: string): Problem =>
	new Problem(400, {code, title: 'Bad request', detail});
