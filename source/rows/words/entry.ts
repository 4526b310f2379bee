/** One thing explained: `dockhop explain NAME` and its page in docs/ are made from this. */
export interface Entry {
	/** A few words, no full stop. */
	title: string;
	/** What it is, in one or two plain sentences: also shown at the hop. */
	about: string;
	/** More, a paragraph each. */
	more: string[];
	/** Commands that show it without dockhop, and what to look for. Words in capitals stand for names. */
	see: [command: string, shows: string][];
	/** What can be done about it; empty where nothing is wrong. */
	todo: string[];
}
