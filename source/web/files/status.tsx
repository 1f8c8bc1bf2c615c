// States as a sign, a word and a colour, never by colour alone.
import type {ReactNode} from 'react';
import {T} from '../texts.ts';
import type {FileRow, FileStatus} from './file-rows.ts';

type Shown = FileStatus | 'PAUSED';

const SIGNS: Readonly<Record<Shown, string>> = {
	...{STORED: '◦', QUEUED: '…', PROCESSING: '▸', COMPLETED: '✔', FAILED: '✖', CANCELLED: '⊘', PAUSED: '‖'},
};

export function Status({
	status,
	isPaused = false,
}: {
	readonly status: FileStatus;
	readonly isPaused?: boolean;
}): ReactNode {
	const shown: Shown = isPaused ? 'PAUSED' : status;
	return (
		<span className={`status ${shown.toLowerCase()}`}>
			<span aria-hidden="true">{SIGNS[shown]}</span> {T.files.status[shown]}
		</span>
	);
}

/** Of what has been read, 0 to 1; `null`: it is not under way. */
export function partOf({status, bytes, bytesRead}: FileRow): number | null {
	if (status !== 'PROCESSING') return null;
	return bytes === 0 ? 0 : Math.min(1, bytesRead / bytes);
}

/** How long it will take yet, as fast as it went so far, by the clock of the server; `null`: it is too early to say. */
export function leftMs(row: FileRow): number | null {
	const part = partOf(row);
	if (part === null || row.startedAt === null || part < 0.02 || row.isPaused) return null;
	return (Math.max(0, row.changedAt - row.startedAt) * (1 - part)) / part;
}
