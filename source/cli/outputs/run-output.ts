// Outputs of a run for people and scripts, all fed by the same events. An output handles every event from the first on, then
// shows the run until it ends, or until the user leaves. This file has the outputs for scripts, which load nothing that only
// people need; the others are in `screen-outputs.ts`.
import {setImmediate as nextTurn} from 'node:timers/promises';
import type {RunEvent} from '../../model/events.ts';
import type {Report} from '../../model/report.ts';
import type {RunControl} from '../../model/run-control.ts';
import type {WatchedFolder} from '../../model/watched-folder.ts';
import {FolderStatusLines} from '../../report/folder-status-lines.ts';
import {jsonChunks, toJsonLine} from '../../report/json.ts';
import {freePage} from '../../text/utf8-page.ts';
import {LineQueue} from './line-queue.ts';
import type {OutputStream} from './output-stream.ts';

export interface ShownRun {
	readonly control: RunControl;
	/** Milliseconds since the run began. */
	readonly now: () => number;
	/** Resolves with the report when the run is over; if files are retried after that, a new call waits for the next end. */
	readonly finalReport: () => Promise<Report>;
	/** Rejects when the events of the run could not be handled to its end. */
	readonly failure: Promise<never>;
}

export interface RunOutput {
	readonly handle: (event: RunEvent) => void;
	readonly show: (showing: ShownRun) => Promise<void>;
	/** See `BatchOptions.untilRoom`. */
	readonly untilRoom?: () => Promise<void> | null;
}

/** One that only looks on, so that whoever has the events may show them by it. */
export interface PassiveOutput extends Omit<RunOutput, 'show'> {
	readonly show: (showing: Pick<ShownRun, 'finalReport'>) => Promise<void>;
}

/** One JSON report at the end of the run. */
export const createJsonOutput = (stream: OutputStream): PassiveOutput => ({
	handle() {},
	async show({finalReport}) {
		for (const page of jsonChunks(await finalReport())) {
			if (stream.isClosed()) return;
			await stream.write(page, () => freePage(page));
			// A pipe or a file that accepts everything at once would leave no turn to signals.
			await nextTurn();
		}
		await stream.flush();
	},
});

/**
Every event as a line of JSON, as it happens.

@param watched - A folder that is watched: how it is doing is told, too.
*/
export function createJsonLinesOutput(stream: OutputStream, watched?: WatchedFolder): PassiveOutput {
	const lines = new LineQueue(stream);
	/** The lines of this stream are numbered without a gap, whatever is left out. */
	let seq = 0;
	const status =
		watched === undefined
			? null
			: new FolderStatusLines(
					() => watched.look().status,
					line => lines.add(line(++seq)),
				);
	return {
		handle(event) {
			// The next progress supersedes this one, so a slow reader does not need it.
			if (event.type === 'file-progressed' && !lines.isReaderKeepingUp) return;
			if (event.type === 'run-completed') status?.end();
			lines.add(toJsonLine(event, ++seq));
			if (event.type === 'run-started') status?.begin();
		},
		untilRoom: () => lines.untilRoom(),
		async show({finalReport}) {
			await finalReport();
			await lines.written();
			await stream.flush();
		},
	};
}
