// Servers that share accounts, files and tasks: instances, in this process.
import {onTestFinished} from 'vitest';
import type {MemberTimes} from '../../source/ledger/shared/members.ts';
import type {ServerOptions, SharingOptions} from '../../source/server/options.ts';
import {startTestServer, type TestServer} from './server.ts';

/** One that has died is known to have within seconds. */
export const QUICK: MemberTimes = {sayMs: 200, deadMs: 3000, keeperMs: 1500, tidyMs: 300};

export interface SharedPlace {
	/** Of the database. */
	readonly url: string;
	readonly filesFolder: string;
}

export function startInstance(
	{url, filesFolder}: SharedPlace,
	changes: Partial<ServerOptions> = {},
	more: Partial<SharingOptions> = {},
): Promise<TestServer> {
	const sharing = {address: {url, shown: 'postgres://test/shared'}, filesFolder, times: QUICK, ...more};
	return startTestServer({sharing, ...changes});
}

export interface SeenEvent {
	readonly id: string | null;
	readonly data: Readonly<Record<string, unknown>>;
}

/** Follows the events of an account until the test ends. */
export async function followEvents(server: TestServer, token: string, after?: string) {
	const controller = new AbortController();
	onTestFinished(() => controller.abort());
	const response = await fetch(`${server.url}/api/v1/events`, {
		headers: {authorization: `Bearer ${token}`, ...(after !== undefined && {'last-event-id': after})},
		signal: controller.signal,
	});
	const events: SeenEvent[] = [];
	const read = async (): Promise<void> => {
		let text = '';
		for await (const piece of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
			text += piece;
			const blocks = text.split('\n\n');
			text = blocks.pop() ?? '';
			for (const block of blocks) {
				const line = (name: string) =>
					block
						.split('\n')
						.find(each => each.startsWith(`${name}: `))
						?.slice(name.length + 2);
				const data = line('data');
				if (data !== undefined) events.push({id: line('id') ?? null, data: JSON.parse(data)});
			}
		}
	};
	const ended = read().catch(() => {});
	return {
		status: response.status,
		events,
		ended,
		close: () => controller.abort(),
		types: () => events.map(({data}) => data.type),
	};
}
