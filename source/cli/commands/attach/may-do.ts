// What who is asking may do with the server, so that nothing is offered which would be refused.
import {ClientError} from '../../../client/client-error.ts';
import type {Connection as Server} from '../../../client/connection.ts';

/** The roles that only look at tasks: the others start, cancel and retry them. */
const LOOKING: readonly string[] = ['viewer', 'uploader'];

interface Caller {
	readonly role: string;
	/** Of a token; `null`: all that the role may. Earlier servers say nothing of it. */
	readonly scopes?: readonly string[] | null;
}

/** @returns Why nothing can be changed, a sentence; `null`: it can, or the server does not say, and then it is tried, and what is refused is told. */
export async function whyNoChanges(server: Server): Promise<string | null> {
	try {
		const {role, scopes = null} = (await server.ask<Caller>('GET', '/api/v1/auth/me')).body;
		if (LOOKING.includes(role))
			return `Read-only: the role ${role} does not change tasks; an admin can give another one`;
		if (scopes === null || scopes.includes('run')) return null;
		return `Read-only: the token has the scope ${scopes.join(', ')}, and not run; token create --scopes read,run,upload makes one with it`;
	} catch (error) {
		if (error instanceof ClientError) return null;
		throw error;
	}
}
