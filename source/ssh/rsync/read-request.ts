// What rsync asks for at this end: `rsync --server <flags> . <path>`. Files only come in. Flags decide what lies on the wire, so one that is not known here
// is refused, and so is what would change or remove something.
import {splitWords} from '../split-words.ts';

export interface RsyncRequest {
	/** Where the files go, as the person wrote it. */
	readonly path: string;
	/** What entries of the list have besides a name and a size. */
	readonly has: Readonly<Record<'owners' | 'groups' | 'devices' | 'links' | 'sums', boolean>>;
	readonly isCompressed: boolean;
	/** Files are only named. */
	readonly isDryRun: boolean;
}

/** Without any meaning here, or with one for the other end alone. Permissions, times and owners are not kept. */
const HARMLESS_LETTERS = 'vqtrpEOJuWIxLSdh';
const KNOWN_LETTERS = 'oglDcnz';
const HARMLESS_WORDS =
	/^--(?:partial|stats|no-implied-dirs|(?:bwlimit|timeout|compress-level)=\d+|log-format=[%\w ]+|(?:info|debug)=[\w,]+)$/;
const COMPRESSING = /^--(?:new-compress|old-compress|compress-choice=zlibx?)$/;
const HINT = 'rsync -r and rsync -a are taken, with -v, -z, -n and -P.';

export const isRsync = (text: string): boolean => /^rsync\s/.test(text);

/** @returns A sentence where it is refused. */
export function readRsyncRequest(text: string): RsyncRequest | string {
	const [, mode, ...words] = splitWords(text) ?? [];
	if (mode !== '--server') return 'rsync is here only what another rsync starts: rsync -rz files… <host>:unprocessed/';
	if (words.includes('--sender'))
		return 'rsync only sends files in here. sftp and scp fetch those of processed/, failed/ and results/.';
	const dot = words.includes('.') ? words.indexOf('.') : words.length;
	const flags = words.slice(0, dot);
	let letters = '';
	for (const flag of flags) {
		// Behind the e stands what the client can do, of which nothing is needed.
		const [, found] = /^-([A-Za-df-z]*)(?:e[\d.]*[A-Za-z]*)?$/.exec(flag) ?? [];
		if (found !== undefined) letters += found;
		else if (COMPRESSING.test(flag)) letters += 'z';
		else if (!HARMLESS_WORDS.test(flag)) return `rsync's ${flag.replace(/=.*/s, '')} is not taken here. ${HINT}`;
	}
	const stray = [...letters].find(letter => !(HARMLESS_LETTERS + KNOWN_LETTERS).includes(letter));
	if (stray !== undefined) return `rsync's -${stray} is not taken here. ${HINT}`;
	const [path, ...more] = words.slice(dot + 1);
	if (path === undefined || more.length > 0)
		return `One place is expected behind the host, as in unprocessed/. ${HINT}`;
	const has = (letter: string): boolean => letters.includes(letter);
	return {
		path,
		has: {owners: has('o'), groups: has('g'), devices: has('D'), links: has('l'), sums: has('c')},
		...{isCompressed: has('z'), isDryRun: has('n')},
	};
}
