// A sampling option: a slider and a field of the same number, or a field of text, or a switch; with the sentence that says what it does.
export default {
  template: `
    <div class="tk-control">
      <label v-if="kind === 'switch'" class="tl-check"
        ><input type="checkbox" :checked="current === on" @change="set($event.target.checked ? on : 0)" /><span>{{ label }}</span></label
      >
      <template v-else>
        <div class="tk-control-head">
          <label :for="'field-' + name">{{ label }}</label>
          <input
            :id="'field-' + name"
            :type="kind === 'text' ? 'text' : 'number'"
            :step="step"
            :value="current"
            :placeholder="empty"
            :aria-describedby="'effect-' + name"
            autocomplete="off"
            @input="set($event.target.value)"
          />
        </div>
        <input
          v-if="kind === 'number'"
          type="range"
          class="tl-dial"
          :aria-label="label + ', slider'"
          :min="low"
          :max="high"
          :step="step"
          :value="current === null || current === '' ? low : current"
          @input="set($event.target.value)"
        />
      </template>
      <small :id="'effect-' + name">{{ effect }}</small>
    </div>`,
  props: { name: String, label: String, effect: String, kind: String, low: Number, high: Number, step: Number, on: Number, empty: String, value: null },
  data() {
    return { current: this.value };
  },
  methods: {
    set(value) {
      this.current = value;
      this.$emit("set", value);
    },
    show(value) {
      this.current = value;
    },
  },
};
