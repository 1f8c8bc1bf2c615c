// What names the settings that results depend on: only what was read in the same way by the same version is the same result.
import {createHash} from 'node:crypto';
import {namesOf} from '../analysis/registry.ts';
import type {ReadSettings} from './shared/protocol.ts';
import {version} from './version.ts';

/** Raised when what is kept of a file changes without a new version. */
const KEPT_FORMAT = 1;

/**
Of how files are read, 32 hexadecimal digits; `null` where it cannot be said: functions of the user's own may do anything, and rejected
records that are written elsewhere are not kept.
*/
export function digestOfSettings({registered = [], ...settings}: ReadSettings): string | null {
	const names = new Set(namesOf(settings.analysis));
	const own = registered.filter(({name}) => names.has(name));
	const hasFunctions = own.some(each => 'code' in each && each.code !== undefined);
	if (hasFunctions || settings.rejectSpool !== undefined) return null;
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
		...rest
	} = settings;
	// Results that are known by another hash are not what was asked for.
	const kept = hash === 'sha256' ? {...rest, hash} : rest;
	const text = JSON.stringify([KEPT_FORMAT, version, own, kept], withPatterns);
	return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** JSON has no patterns, and would say nothing of names that dialects are given for. */
const withPatterns = (_key: string, value: unknown): unknown => (value instanceof RegExp ? String(value) : value);
