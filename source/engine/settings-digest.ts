// What names the settings that results depend on: only what was read in the same way by the same version is the same result.
import {namesOf} from '../analysis/registry.ts';
import {sha256} from '../kernel/content-hash.ts';
import type {ReadSettings} from './shared/protocol.ts';
import {version} from './version.ts';

/** Raised when what is kept of a file changes without a new version. */
const KEPT_FORMAT = 1;

/**
Of how files are read, 32 hexadecimal digits; `null` where it cannot be said: functions of the user's own may do anything, and rejected
records that are written elsewhere are not kept.
*/
export function digestOfSettings(settings: ReadSettings): string | null {
	const {own, figures} = whatMatters(settings);
	const hasFunctions = own.some(each => 'code' in each && each.code !== undefined);
	if (hasFunctions || settings.rejectSpool !== undefined) return null;
	// Results that are known by another hash are not what was asked for.
	const kept = settings.hash === 'sha256' ? {...figures, hash: settings.hash} : figures;
	return digest([KEPT_FORMAT, version, own, kept]);
}

/** Of what figures depend on beside the files and the program: runs with the same one can be compared. 32 hexadecimal digits. */
export function digestOfReading(settings: ReadSettings): string {
	const {own, figures} = whatMatters(settings);
	return digest([own, figures]);
}

function whatMatters({registered = [], ...settings}: ReadSettings) {
	const names = new Set(namesOf(settings.analysis));
	const {
		hash,
		hashesOnly,
		keepsFiles,
		simulateIoMs,
		chunkBytes,
		reader,
		splitBytes,
		rangeBytes,
		postsEachChunk,
		rejectSpool,
		...figures
	} = settings;
	return {own: registered.filter(({name}) => names.has(name)), figures};
}

function digest(value: unknown): string {
	const text = JSON.stringify(value, withPatterns);
	return sha256(Buffer.from(text)).toString('hex').slice(0, 32);
}

/** JSON has no patterns, and would say nothing of names that dialects are given for. */
const withPatterns = (_key: string, value: unknown): unknown => (value instanceof RegExp ? String(value) : value);
