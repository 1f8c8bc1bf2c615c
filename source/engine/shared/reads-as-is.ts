// Which text is read as it is although it is not in UTF-8: each of its bytes is a character, ASCII is ASCII, and nothing looks into texts
// before they are shown or merged. All other text is turned into UTF-8 first, which takes several times as long as reading it.
import type {AnalysisDeclaration} from '../../analysis/declaration.ts';
import {declarationOf, linesAnalysisOf, namesOf} from '../../analysis/registry.ts';
import {findsFaults, readsColumns} from '../../analysis/state-layout.ts';
import {type EncodingLabel, isSingleByte} from '../../input/encodings/encoding-labels.ts';
import type {ReadSettings} from './protocol.ts';

export function readsAsIs({encoding, where, analysis, userPattern}: ReadSettings): boolean {
	if (encoding === undefined || !hasAllCharacters(encoding)) return false;
	// Lengths of cells are counted in UTF-8, conditions and functions are about characters.
	if (where !== undefined || userPattern !== undefined || linesAnalysisOf(analysis) !== null) return false;
	return namesOf(analysis).every(name => {
		const declaration = declarationOf(name);
		// Where it is detected, those of any columns come last, and then the text is given out in UTF-8.
		const needsUtf8 = analysis !== null && (readsColumns(declaration) || findsFaults(declaration));
		return !needsUtf8 && !hasFunctions(declaration);
	});
}

const hasFunctions = ({where, accept, derive = {}}: AnalysisDeclaration): boolean =>
	where !== undefined || accept !== undefined || Object.values(derive).some(derivation => 'js' in derivation);

const known = new Map<EncodingLabel, boolean>();

/** Whether each byte is a character: then nothing can be wrong with a text. */
function hasAllCharacters(label: EncodingLabel): boolean {
	const before = known.get(label);
	if (before !== undefined) return before;
	const bytes = Uint8Array.from({length: 256}, (_, byte) => byte);
	const has = isSingleByte(label) && !new TextDecoder(label).decode(bytes).includes('\ufffd');
	known.set(label, has);
	return has;
}

/** The settings for the readers of a text: an encoding is that of the bytes that they are given, where these are not UTF-8. */
export const settingsOfText = (settings: ReadSettings): ReadSettings =>
	settings.encoding === undefined || readsAsIs(settings) ? settings : {...settings, encoding: undefined};
