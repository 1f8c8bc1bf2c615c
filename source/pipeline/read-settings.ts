// How the file of a step is read: as all files that come are, unless a step before has written it as a clean table.
import type {ReadSettings} from '../engine/shared/protocol.ts';
import {plainDialect} from '../input/dialect.ts';
import type {PipelineFile} from './pipeline.ts';

/** @param settings - For files that come. */
export function readSettingsFor({table}: Pick<PipelineFile, 'table'>, settings: ReadSettings): ReadSettings {
	if (table === undefined) return settings;
	const dialect = {...plainDialect, headerRows: table.hasHeader ? 1 : 0};
	const asWritten = {...settings, dialect, encoding: undefined, forced: undefined, dialectRules: undefined};
	return table.isNormalised ? {...asWritten, forms: undefined} : asWritten;
}
