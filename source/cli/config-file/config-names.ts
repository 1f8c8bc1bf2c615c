// The names of settings in configuration files: the flags' names in camel case.

import {findClosestMatch} from '../../text/closest-match.ts';
import {FLAGS, type FlagDefinition, toCamelCase} from '../arguments/flags.ts';

/** In the current folder or beside the data. */
export const CONFIG_FILE_NAME = 'fileproc.config.json';

export const CONFIG_FLAGS: readonly FlagDefinition[] = (FLAGS as readonly FlagDefinition[]).filter(
	({config}) => config === 'anywhere' || config === 'own',
);

/** Those that stand under `watch`, by their names there. */
export const watchFlagByName: ReadonlyMap<string, FlagDefinition> = new Map(
	(FLAGS as readonly FlagDefinition[])
		.filter(({config}) => config === 'watch')
		.map(flag => [toCamelCase(flag.name), flag]),
);

const flagByConfigName: ReadonlyMap<string, FlagDefinition> = new Map(
	CONFIG_FLAGS.map(flag => [toCamelCase(flag.name), flag]),
);

/**
Members of a file besides settings: its schema, custom keys, modules, how files with some names are written, names of columns, and what is done
with a watched folder.
*/
export const OTHER_NAMES = ['$schema', 'keys', 'analyses', 'dialect', 'aliases', 'watch'] as const;

export const CONFIG_NAMES: readonly string[] = [...flagByConfigName.keys(), ...OTHER_NAMES];

export const findConfigFlag = (name: string): FlagDefinition | undefined => flagByConfigName.get(name);

/** The name that was most likely meant: `max-errors`, `MaxErrors` and `maxErors` all give `maxErrors`. */
export function findClosestConfigName(name: string): string | undefined {
	const written = toCamelCase(name.replace(/^-+(?:no-)?/, ''));
	const lower = written.toLowerCase();
	return CONFIG_NAMES.find(word => word.toLowerCase() === lower) ?? findClosestMatch(written, CONFIG_NAMES);
}
