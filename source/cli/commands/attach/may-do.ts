// What the account may do with the server, so that nothing is offered which would be refused.
import {ClientError} from '../../../client/client-error.ts';
import type {Connection as Server} from '../../../client/connection.ts';

/** The roles that only look at tasks: the others start, cancel and retry them. */
const LOOKING: readonly string[] = ['viewer', 'uploader'];

/** Whether it may change tasks. Where the server does not say, it is tried, and what is refused is told. */
export async function mayChangeTasks(server: Server): Promise<boolean> {
	try {
		const {body} = await server.ask<{readonly role: string}>('GET', '/api/v1/auth/me');
		return !LOOKING.includes(body.role);
	} catch (error) {
		if (error instanceof ClientError) return true;
		throw error;
	}
}
