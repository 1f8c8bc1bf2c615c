import {dirname, resolve} from 'node:path';
import {readTextFile, TextFileError} from '../../engine/shared/read-text-file.ts';
import type {SettingsLayer} from '../arguments/settings.ts';
import {exists} from '../process/exists.ts';
import {checkConfig} from './check-config.ts';
import {ConfigError} from './config-error.ts';
import type {ConfigPlace} from './config-places.ts';

/** A candidate configuration file. */
export interface ConfigFile extends ConfigPlace {
	/** `null`: there is no such file. */
	readonly layer: SettingsLayer | null;
}

/** A hundred times the size of all settings and keys: a larger file is a mistake or an attack. */
const MAX_BYTES = 256 * 1024;

/**
Reads the configuration files that exist.

@throws {ConfigError} When one cannot be read or used, with all its issues.
*/
export const readConfigs = (places: readonly ConfigPlace[]): readonly ConfigFile[] => places.map(readConfig);

function readConfig(place: ConfigPlace): ConfigFile {
	const {path, isOwn} = place;
	const text = readText(path);
	if (text === null) return {...place, layer: null};
	const {values, ofFile, hasRoutes, issues} = checkConfig(text, isOwn);
	if (issues.length > 0) throw new ConfigError(path, issues);
	// Wherever the program is started.
	const analysisModules = ofFile.analysisModules?.map(module => resolve(dirname(path), module));
	const settings = {...ofFile, ...(analysisModules !== undefined && {analysisModules})};
	return {...place, layer: {kind: 'config', values, ofFile: settings, hasRoutes, labelOf: () => path}};
}

function readText(path: string): string | null {
	// Listing the data reports a folder that may not be entered; a missing file is not an error.
	if (!exists(path)) return null;
	try {
		return readTextFile(path, MAX_BYTES);
	} catch (error) {
		if (error instanceof TextFileError) throw new ConfigError(path, [{sentence: error.message}]);
		throw error;
	}
}
