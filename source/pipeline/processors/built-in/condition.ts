// A condition on records, as --where takes it.
import {ExpressionError} from '../../../analysis/question/tokens.ts';
import {parseWhere} from '../../../analysis/where/parse-where.ts';
import {type Kind, refined, text} from '../settings-reader.ts';

export const condition: Kind<string> = refined(text, (given, fault) => {
	try {
		parseWhere(given);
		return given;
	} catch (error) {
		if (!(error instanceof ExpressionError)) throw error;
		const wrong = given.slice(error.start, error.end);
		fault(`${error.message}, at character ${error.start + 1}${wrong === '' ? '' : ` (${JSON.stringify(wrong)})`}`);
		return undefined;
	}
});
