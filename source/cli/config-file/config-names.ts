// The names that settings have in configuration files: those of their flags, written as JSON has names.

import {findClosestMatch} from '../../text/closest-match.ts';
import {FLAGS, type FlagDefinition} from '../arguments/flags.ts';

/** In the current folder or beside the data. */
export const CONFIG_FILE_NAME = 'fileproc.config.json';

/** `max-errors` -> `maxErrors`. */
export const toConfigName = (name: string): string =>
	name.replace(/[-_](.)/g, (_, letter: string) => letter.toUpperCase());

export const CONFIG_FLAGS: readonly FlagDefinition[] = (FLAGS as readonly FlagDefinition[]).filter(
	({config}) => config !== undefined,
);

const flagByConfigName: ReadonlyMap<string, FlagDefinition> = new Map(
	CONFIG_FLAGS.map(flag => [toConfigName(flag.name), flag]),
);

/** What a file may say besides settings: where its schema is, and which keys do what. */
export const OTHER_NAMES = ['$schema', 'keys'] as const;

export const findConfigFlag = (name: string): FlagDefinition | undefined => flagByConfigName.get(name);

/** The name that was most likely meant: `max-errors`, `MaxErrors` and `maxErors` are all `maxErrors`. */
export function findNearestConfigName(name: string): string | undefined {
	const words = [...flagByConfigName.keys(), ...OTHER_NAMES];
	const written = toConfigName(name.replace(/^-+(?:no-)?/, ''));
	const lower = written.toLowerCase();
	return words.find(word => word.toLowerCase() === lower) ?? findClosestMatch(written, words);
}
