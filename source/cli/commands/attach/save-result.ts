// Saves what a task of a server came to on the machine of who looks on, for the dashboard.
import {untilItGoesWell} from '../../../client/backoff.ts';
import type {Connection as Server} from '../../../client/connection.ts';
import type {SavedPart} from '../../../model/run-control.ts';
import {safe} from '../../../text/safe.ts';
import {messageOf} from '../../../text/system-error.ts';
import {writeUnderFreeName} from '../../outputs/free-name.ts';
import {downloadTo} from '../client/download.ts';

const ENDINGS = {result: ['-result', '.json', ''], rejects: ['-rejects', '.csv', '/rejects.csv']} as const;
/** Room for what is put behind it, in any file system. */
const MAX_STEM_BYTES = 180;

/**
Writes it into the current folder, under a name that no file has.

@returns The path.
@throws {Error} With a sentence.
*/
export async function saveResult(
	server: Server,
	{id, file, patienceMs}: {readonly id: string; readonly file: string; readonly patienceMs: number},
	part: SavedPart,
): Promise<string> {
	const [word, ending, path] = ENDINGS[part];
	const from = `/api/v1/results/${encodeURIComponent(id)}${path}`;
	const stem = `${stemOf(file)}${word}`;
	return writeUnderFreeName(stem, ending, output =>
		untilItGoesWell(() => downloadTo(server, from, output), {patienceMs}),
	).catch((error: unknown) => {
		throw new Error(`Not saved: ${messageOf(error)}`);
	});
}

/** Of the name of a file elsewhere, which may be anything: what can be a name in this folder, on any system. */
export function stemOf(file: string): string {
	const last = file.split(/[/\\]/).at(-1) ?? '';
	const plain = safe(last)
		.replaceAll(/[<>:"|?*\\]/g, '_')
		.replace(/^[.\s~-]+/, '')
		.replace(/\.\w{1,7}(?:\.(?:gz|zst|br|bz2|xz|lz4))?(?= \(|$)/, '')
		.trimEnd();
	let stem = '';
	for (const character of plain) {
		if (Buffer.byteLength(stem + character) > MAX_STEM_BYTES) break;
		stem += character;
	}
	return stem === '' ? 'task' : stem;
}
