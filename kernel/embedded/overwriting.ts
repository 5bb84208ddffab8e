/** Text as a terminal would show it: a carriage return leads back to the beginning of the line, to overwrite it. */
export class OverwrittenText {
  #done = '';
  #line = '';
  #column = 0;

  write(text: string): void {
    if (this.#column === this.#line.length && !/[\r\b]/.test(text)) {
      const end = text.lastIndexOf('\n') + 1;
      if (end > 0) {
        this.#done += this.#line + text.slice(0, end);
        this.#line = '';
      }
      this.#line += text.slice(end);
      this.#column = this.#line.length;
      return;
    }
    for (const part of text.split(/([\n\r\b])/)) {
      if (part === '\n') {
        this.#done += `${this.#line}\n`;
        this.#line = '';
        this.#column = 0;
      } else if (part === '\r') {
        this.#column = 0;
      } else if (part === '\b') {
        this.#column = Math.max(0, this.#column - 1);
      } else {
        const end = this.#column + part.length;
        // To append is the usual case, and a line may be long.
        if (this.#column === this.#line.length) this.#line += part;
        else this.#line = this.#line.slice(0, this.#column) + part + this.#line.slice(end);
        this.#column = end;
      }
    }
  }

  toString(): string {
    return this.#done + this.#line;
  }
}
