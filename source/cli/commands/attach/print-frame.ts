// One frame of the dashboard as text: `attach --once`.
import {setTimeout as wait} from 'node:timers/promises';
import {displayPath} from '../../../text/path-text.ts';
import {renderFrame} from '../../../ui/render-frame.tsx';
import type {DecidedLook} from '../../arguments/look.ts';
import type {OutputStream} from '../../outputs/output-stream.ts';
import type {FollowedRun} from './followed-run.ts';
import {CHANGING} from './unavailable.ts';

const [COLUMNS, ROWS] = [80, 24];
/** A long list is shown as far as it has come. */
const PATIENCE_MS = 5000;

export async function printFrame(run: FollowedRun, look: DecidedLook, stream: OutputStream): Promise<void> {
	await Promise.race([run.whole, wait(PATIENCE_MS, undefined, {ref: false})]);
	const {stdout} = process;
	const frame = renderFrame({
		...{store: run.store, control: run.control, now: run.now, connection: run.connection, look},
		title: displayPath(run.title),
		unavailable: run.mayControl ? run.unavailable : [...CHANGING, ...run.unavailable],
		columns: stdout.isTTY ? stdout.columns : COLUMNS,
		rows: stdout.isTTY ? stdout.rows - 1 : ROWS,
	});
	await stream.write(`${frame}\n`);
	await stream.flush();
}
