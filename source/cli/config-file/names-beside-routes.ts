import {resolve} from 'node:path';
import type {OtherNames} from '../../pipeline/routes/parse-pipeline.ts';
import {homeFolder} from '../process/home-folder.ts';
import {CONFIG_NAMES, watchFlagByName} from './config-names.ts';
import {findOwnConfig} from './config-places.ts';

/** What may stand in a file beside its routes: settings of watched folders only where they have an effect, in the user's own file. */
export function namesBesideRoutes(file: string): OtherNames {
	const names = [...watchFlagByName.keys()];
	const isOwn = resolve(file) === findOwnConfig({home: homeFolder(), env: process.env});
	return {beside: CONFIG_NAMES, ...(isOwn ? {settings: names} : {elsewhere: names})};
}
