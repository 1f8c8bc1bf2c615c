// What can be wrong with who asks: accounts, logins, tokens and links.
import type {ProblemEntry} from './problem-entry.ts';

export const ACCOUNT_PROBLEMS = {
	NO_PROVIDER: {
		...{status: 404, title: 'No provider of logins'},
		meaning: 'The server knows no provider of logins (OpenID Connect).',
		remedy: 'Log in by a name and a password, or ask the operator to start it with --oidc-issuer.',
	},
	PROVIDER_REFUSED: {
		...{status: 401, title: 'The login was not confirmed'},
		meaning: 'The provider has not confirmed who it is, or what it has sent is not an answer to what was asked.',
		remedy: 'Begin the login again, in one browser and within ten minutes.',
	},
	PROVIDER_AWAY: {
		...{status: 503, title: 'The provider does not answer'},
		meaning: 'The provider of logins cannot be reached, or does not answer as it should.',
		remedy: 'Try again after Retry-After; the operator finds the reason in what the server reports.',
	},
	PASSWORD_LIST_AWAY: {
		...{status: 503, title: 'The list of passwords cannot be read'},
		meaning: 'The server refuses passwords that are in a list of breaches, and cannot read that list.',
		remedy: 'Try again after Retry-After; the operator finds the reason in what the server reports.',
	},
	CLAIM_NEEDED: {
		...{status: 403, title: 'Not for everybody whom the provider knows'},
		meaning: 'The provider has confirmed who it is, but nothing that it says of them lets them in here.',
		remedy: 'Ask to be put into the group that the operator has named by --oidc-allow.',
	},
	BAD_NAME: {
		...{status: 400, title: 'Bad request'},
		meaning: 'The name cannot be the name of an account.',
		remedy: 'Choose 1 to 64 letters, digits and ._@+-, beginning with a letter or digit.',
	},
	BAD_PASSWORD: {
		...{status: 400, title: 'Bad request'},
		meaning: 'The password is too short, too long, or has the name in it.',
		remedy: 'Choose another one.',
	},
	COMMON_PASSWORD: {
		...{status: 400, title: 'Bad request'},
		meaning:
			'The password is in a list of 49,000 that others have used and lost, or in a longer one of the operator; such a list is what guessers begin with.',
		remedy:
			'Choose one that nobody else has: three or four words that do not belong together, or one of a password manager.',
	},
	TOO_MANY_LINKS: {
		...{status: 409, title: 'Too many links'},
		meaning: 'The account has as many links for others to send files in as one may have.',
		remedy: 'Withdraw one that is of no use any more, or wait until one expires.',
	},
	AUTHORIZATION_PENDING: {
		...{status: 400, title: 'Nobody has decided yet'},
		meaning: 'The person whom the program has shown a code has not let it in or refused it yet.',
		remedy: 'Ask again after the interval that came with the code.',
	},
	SLOW_DOWN: {
		...{status: 400, title: 'Asked too often'},
		meaning: 'The program asks more often than the interval that came with its code says.',
		remedy: 'Wait five seconds longer between two questions, from now on.',
	},
	EXPIRED_TOKEN: {
		...{status: 400, title: 'The code is of no use any more'},
		meaning: 'The device code has expired, was used already, or was never given out.',
		remedy: 'Begin again with POST /api/v1/auth/device/code.',
	},
	ACCESS_DENIED: {
		...{status: 400, title: 'Refused'},
		meaning: 'The person whom the program has shown a code has not let it in, or may not log in any more.',
		remedy: 'Nothing is to be tried again: ask that person.',
	},
	TOO_MANY_CODES: {
		...{status: 503, title: 'Too many programs ask to be let in'},
		meaning: 'More programs wait for somebody to let them in than may.',
		remedy: 'Ask again after Retry-After, or log in with a name and a password.',
	},
	UNAUTHORIZED: {
		...{status: 401, title: 'Not logged in'},
		meaning: 'The route is for those who have an account, and the request has no session or token that is valid.',
		remedy: 'Log in, or send a token as Authorization: Bearer ….',
	},
	LOGIN_FAILED: {
		...{status: 401, title: 'Login failed'},
		meaning: 'The name or the password is wrong, or the account is disabled.',
		remedy: 'Try again, or ask an admin.',
	},
	SECOND_FACTOR_NEEDED: {
		...{status: 401, title: 'A code is needed'},
		meaning:
			'The name and the password are right, and the account has a second factor, of which the request has no code.',
		remedy: 'Send the same once more, with the six digits of the app, or with a recovery code, as code.',
	},
	WRONG_CODE: {
		...{status: 403, title: 'The code is wrong'},
		meaning: 'The code of the second factor is wrong, or too old, or it has been used: each is of use once.',
		remedy: 'Send the code that the app shows next, or another recovery code; check the clock of the device.',
	},
	FORBIDDEN: {
		...{status: 403, title: 'Not allowed'},
		meaning: 'The role of the account does not include this.',
		remedy: 'Ask an admin for another role.',
	},
	FOREIGN_ORIGIN: {
		...{status: 403, title: 'Not allowed'},
		meaning: 'A page of another site has sent the request with the cookie of this one.',
		remedy: 'Use the page of this server, or a token instead of the cookie.',
	},
	WRONG_PASSWORD: {
		...{status: 403, title: 'Not allowed'},
		meaning: 'The current password, which another one is to replace, is not this one.',
		remedy: 'Try again, or ask an admin to reset it.',
	},
	PASSWORD_CHANGE_NEEDED: {
		...{status: 403, title: 'Choose a password of your own'},
		meaning: 'Somebody else has made the password of the account, and knows it.',
		remedy: 'Choose another one by POST /api/v1/auth/password; then everything else is open.',
	},
	SECOND_FACTOR_ENROLMENT_NEEDED: {
		...{status: 403, title: 'Add a second factor'},
		meaning: 'The role may do nothing by a login without a second factor, and the account has none yet.',
		remedy: 'Add one by POST /api/v1/auth/second-factor; then everything else is open.',
	},
	SCOPE_NEEDED: {
		...{status: 403, title: 'Not allowed'},
		meaning:
			'The account may do this, but the token of a program may not: scope says what it lacks, where a token may do it at all.',
		remedy: 'Make a token with this scope, or log in.',
	},
	REGISTRATION_CLOSED: {
		...{status: 403, title: 'Not allowed'},
		meaning: 'Nobody makes an account on their own here, or the invitation is wrong or used up.',
		remedy: 'Ask an admin for an invitation.',
	},
	SECOND_FACTOR_EXISTS: {
		...{status: 409, title: 'There is a second factor'},
		meaning: 'The account has a second factor that has been confirmed.',
		remedy: 'Go on with it, or disable it before adding another one.',
	},
	NO_SECOND_FACTOR: {
		...{status: 409, title: 'There is no second factor'},
		meaning: 'The account has no second factor, or none was begun.',
		remedy: 'Add one by POST /api/v1/auth/second-factor.',
	},
	SECOND_FACTOR_REQUIRED: {
		...{status: 409, title: 'The second factor is required'},
		meaning: 'The role of the account may do nothing without a second factor, so it is not disabled.',
		remedy:
			'Where the app is lost, let an admin reset it, or use fileproc-tui users reset-2fa on the machine of the server.',
	},
	NAME_TAKEN: {
		...{status: 409, title: 'The name is taken'},
		meaning: 'Another account has this name; capitals make no difference.',
		remedy: 'Choose another name.',
	},
	NO_ACCOUNTS: {
		...{status: 409, title: 'There are no accounts'},
		meaning: 'The server was started with --open, so nobody has a login or a password.',
		remedy: 'Start it without --open.',
	},
	TOO_MANY_TOKENS: {
		...{status: 409, title: 'There are too many tokens'},
		meaning: 'The account has as many tokens as it may.',
		remedy: 'Remove those that are not used any more.',
	},
	LAST_ADMIN: {
		...{status: 409, title: 'Nobody could look after the accounts any more'},
		meaning: 'The account is the only admin who can log in.',
		remedy: 'Make another account an admin first.',
	},
	TOO_MANY_LOGINS: {
		...{status: 429, title: 'Too many logins'},
		meaning: 'Too many logins have failed, or wait to be checked.',
		remedy: 'Wait as long as Retry-After says.',
	},
} as const satisfies Readonly<Record<string, ProblemEntry>>;
