/** Texts with one character left out, put in, or replaced: places and characters follow from the number of the edit. */
const CHARACTERS = Array.from("aMx0179 \n\t.,;:=<>~+-*/^()[]{}'\"|#@!?&%$\\_→αé");

export function editedAt(text: string, edit: number): string {
  // Steps that share no factor with usual lengths, so that places and characters are well mixed.
  const place = (edit * 7919) % Math.max(1, text.length);
  const character = CHARACTERS[(edit * 31) % CHARACTERS.length] ?? "";
  switch (edit % 3) {
    case 0:
      return text.slice(0, place) + text.slice(place + 1);
    case 1:
      return text.slice(0, place) + character + text.slice(place);
    default:
      return text.slice(0, place) + character + text.slice(place + 1);
  }
}
