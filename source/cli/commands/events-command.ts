// `fileproc-tui events <url>`: what happens on a server, each event as a line of JSON, from the beginning or behind a place, until it is stopped.
import {readEvents} from '../../client/read-events.ts';
import {escapeActing} from '../../text/escape.ts';
import {safe} from '../../text/safe.ts';
import type {EventsCommand} from '../arguments/read-client-words.ts';
import {createOutputStream} from '../outputs/output-stream.ts';
import {listenForInterruption} from '../process/interruption.ts';
import {withServer} from './client/open-server.ts';
import {exitCodes} from './exit-codes.ts';

export function eventsCommand({server, task, after}: EventsCommand): Promise<number> {
	return withServer(server, async connection => {
		const interruption = listenForInterruption();
		const stream = createOutputStream(process.stdout, interruption.signal);
		const controller = new AbortController();
		stream.onClosed(() => controller.abort());
		const signal = AbortSignal.any([interruption.signal, controller.signal]);
		let wasLost = false;
		try {
			const messages = readEvents({
				...{connection, after, signal},
				...(task !== null && {taskId: task}),
				onState(state) {
					if (state.name === 'lost')
						process.stderr.write(`fileproc-tui: ${safe(state.reason.detail)} It is tried again.\n`);
					else if (state.name === 'live' && wasLost)
						process.stderr.write('fileproc-tui: the connection is there again\n');
					wasLost = state.name === 'lost' || (wasLost && state.name === 'connecting');
				},
			});
			for await (const message of messages) {
				// Progress has no place of its own.
				const line =
					message.type === 'event'
						? {...message.event, ...(message.id !== null && {id: message.id})}
						: message.type === 'snapshot'
							? {
									type: 'snapshot',
									...(message.id !== null && {id: message.id}),
									tasks: message.tasks,
									is_complete: message.isComplete,
								}
							: message;
				await stream.write(`${escapeActing(JSON.stringify(line))}\n`);
			}
			await stream.flush();
			return interruption.exitCode() ?? exitCodes.ok;
		} finally {
			interruption.dispose();
		}
	});
}
