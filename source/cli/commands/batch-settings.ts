// The settings of a command that reads data, as the engine takes them: what is `null` here is left out there.
import type {BatchSettings} from '../../engine/batch.ts';
import type {RunSettings} from '../arguments/settings.ts';

export function batchSettingsOf(settings: RunSettings): BatchSettings {
	const {
		delimiter,
		quote,
		escape: escaping,
		header,
		skipLines,
		skipFooter,
		comment,
		nullText,
		namedDialects,
	} = settings;
	return {
		...withoutNulls(settings),
		dialect: withoutNulls({
			...{delimiter, quote, escape: escaping, header, skipLines, skipFooter, comment},
			null: nullText,
		}),
		dialects: Object.fromEntries(namedDialects.map(({pattern, settings: dialect}) => [pattern, dialect])),
	};
}

const withoutNulls = <Settings extends object>(settings: Settings) =>
	Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null)) as {
		readonly [Key in keyof Settings]?: Exclude<Settings[Key], null>;
	};
