/* What somebody means who begins to type a word: the readings of the place that go with the letters. No DOM in here.

   Typed are the letters from the first wrong one on, or the word from its beginning; either way a letter or two are
   enough. Readings that are known come first, then the word as it stands with the typed letters in the place where they
   fit best. What was typed is always among them as it is. */

const ROWS = 6;
const KNOWN = 3; // at most so many of the known readings, so that there is room for the others
const INSERTED = 1.25; // costs, in wrong letters: design figures
const LEFT_OUT = 1.2;
const SIGN_LEFT_OUT = 0.9;
const SAME_BUT_FOR_ACCENT = 0.7;
const LETTER_FOR_SIGN = 0.8; // a digit or sign that a letter was read as
const DOUBTED = 0.75; // of a letter that another reading has otherwise
const AS_TYPED = 0.3; // that the letters stand for the whole word is a little likelier

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Return at most ROWS wordings for `word`, of which `typed` has been typed, the likeliest first. `readings` are those
 * that are known, the likeliest first. */
export function narrowed(word, typed, readings) {
  const [best, ...known] = matching(word, typed, readings).slice(0, KNOWN);
  const [first, second, ...placed] = inPlace(word, typed, readings.slice(0, KNOWN));
  const rows = [best, first, second, ...known, ...placed].filter((row) => row !== undefined && row !== word);
  const some = [...new Set(rows)].slice(0, ROWS);
  return some.includes(typed) ? some : [...some.slice(0, ROWS - 1), typed];
}

/* Readings in which the letters stand at the first difference from the word, or over it, or at the beginning. */
function matching(word, typed, readings) {
  const exact = [];
  const nearly = [];
  for (const reading of readings) {
    if (reading === typed) exact.unshift(reading);
    else {
      const spots = spotsOf(word, reading, typed.length);
      if (spots.some((at) => reading.startsWith(typed, at))) exact.push(reading);
      else if (reading.toLowerCase() !== word.toLowerCase() && spots.some((at) => isMeantBy(typed, reading.slice(at, at + typed.length)))) nearly.push(reading);
    }
  }
  return [...exact, ...nearly];
}

/* A small letter without accents may stand for a capital or an accented one; others stand for themselves. */
const isMeantBy = (typed, letters) => typed.length === letters.length
  && [...typed].every((letter, at) => letter === letters[at] || letter === plain(letters[at]));

function spotsOf(word, reading, length) {
  let differs = 0;
  while (differs < word.length && word[differs] === reading[differs]) differs += 1;
  const first = Math.max(0, differs - length + 1);
  return [0, ...Array.from({ length: differs - first + 1 }, (_, number) => first + number)];
}

/* The word with the letters in the place of one of its parts, the likest part first; also the letters alone. */
function inPlace(word, typed, readings) {
  const doubts = doubtsOf(word, readings);
  const found = [];
  for (let start = 0; start <= word.length; start += 1) {
    const costs = distances(word, start, typed, doubts);
    costs.forEach((cost, length) => found.push([cost, word.slice(0, start) + typed + word.slice(start + length)]));
    if (start === 0) found.push([costs.at(-1) - AS_TYPED, typed]);
  }
  const texts = found.sort((one, other) => one[0] - other[0]).map(([, text]) => text);
  return [...new Set(texts)].filter((text) => text !== word);
}

/* How unlike the letters are to each part of the word that begins at `start`, by its length: an edit distance (Wagner
   and Fischer) in which what other readings doubt is changed more cheaply. */
function distances(word, start, typed, doubts) {
  let row = Array.from({ length: typed.length + 1 }, (_, count) => count * INSERTED);
  const costs = [row.at(-1)];
  for (let at = start; at < word.length; at += 1) {
    const next = [row[0] + skipped(word[at]) * doubts[at]];
    for (let count = 1; count <= typed.length; count += 1) {
      const ways = [row[count - 1] + swapped(word[at], typed[count - 1]) * doubts[at], row[count] + skipped(word[at]) * doubts[at], next[count - 1] + INSERTED];
      next.push(Math.min(...ways));
    }
    row = next;
    costs.push(row.at(-1));
  }
  return costs;
}

function swapped(read, typed) {
  if (read === typed) return 0;
  if (plain(read) === plain(typed)) return SAME_BUT_FOR_ACCENT;
  return /\p{L}/u.test(typed) && !/\p{L}/u.test(read) ? LETTER_FOR_SIGN : 1;
}

const skipped = (read) => (/[\p{L}\p{N}]/u.test(read) ? LEFT_OUT : SIGN_LEFT_OUT);

/* For each letter of the word what a change of it costs: less where another reading has another letter. Ends are
   compared, as in most misread words one place is wrong. */
function doubtsOf(word, readings) {
  const doubts = Array(word.length).fill(1);
  for (const reading of readings) {
    let head = 0;
    while (head < word.length && word[head] === reading[head]) head += 1;
    let tail = 0;
    while (tail < word.length - head && word.at(-1 - tail) === reading.at(-1 - tail)) tail += 1;
    doubts.fill(DOUBTED, head, word.length - tail);
  }
  return doubts;
}
