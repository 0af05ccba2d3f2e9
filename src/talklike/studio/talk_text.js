// A text that grows as it is written. Shown plainly it is one node, which reads and copies as text does; its characters become
// elements of their own only when they are coloured or marked.
export default {
  template: `
    <div class="tk-text" :class="{ 'tk-empty': !prompt && !characters.length }">
      <span v-if="prompt" class="tk-prompt">{{ prompt }}</span
      ><template v-if="colours || spans.length"
        ><component :is="part.copied ? 'mark' : 'span'" v-for="part in parts" :key="part.start" :title="part.title" :class="part.look">{{ part.text }}</component></template
      ><span v-else>{{ characters.join("") }}</span
      ><span v-if="writing" class="tk-caret" aria-hidden="true"></span
      ><span v-if="!prompt && !characters.length && !writing" class="tk-hint">{{ hint }}</span>
    </div>`,
  props: { colours: Boolean, hint: String },
  data: () => ({ prompt: "", characters: [], probabilities: [], spans: [], writing: false, frames: 0 }),
  computed: {
    parts() {
      const found = [];
      let before = null;
      this.characters.forEach((character, place) => {
        const span = this.spans.find((one) => one.start <= place && place < one.end);
        const probability = this.colours ? this.probabilities[place] : undefined;
        const look = probability === undefined ? "" : `p${[0.02, 0.1, 0.5].filter((least) => probability >= least).length}`;
        const copied = span ? span.said : "";
        const expected = probability === undefined ? "" : `expected with ${this.percent(probability)}`;
        const title = [expected, copied].filter(Boolean).join("; ") || null;
        // Where each character says how likely it was, each is a part of its own.
        if (before && !this.colours && before.copied === copied) before.text += character;
        else found.push((before = { start: place, text: character, look, copied, title }));
      });
      return found;
    },
  },
  methods: {
    percent(share) {
      const percent = 100 * share;
      return `${percent < 1 ? "less than 1" : Math.round(percent)} %`;
    },
    begin(prompt) {
      Object.assign(this, { prompt, characters: [], probabilities: [], spans: [], writing: true, frames: 0 });
    },
    go_on() {
      this.writing = true;
      this.spans = [];
    },
    append(characters, probabilities) {
      this.characters.push(...characters);
      this.probabilities.push(...probabilities);
      this.frames += 1;
    },
    end() {
      this.writing = false;
    },
    async copy() {
      const text = this.prompt + this.characters.join("");
      try {
        await navigator.clipboard.writeText(text);
        this.$emit("copied", true);
      } catch {
        this.$emit("copied", false); // without https, browsers let only pages of this machine copy
      }
    },
    mark(spans) {
      this.spans = spans;
    },
  },
};
