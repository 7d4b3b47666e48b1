/* Writing a text with headings, lists and links: an editor in the place of each prose textarea, which stays what is sent.
   What may be written is decided where it is stored; what is offered here is the same. */
const COMMANDS = {
  bold: { run: (chain) => chain.toggleBold(), isOn: (editor) => editor.isActive("bold") },
  italic: { run: (chain) => chain.toggleItalic(), isOn: (editor) => editor.isActive("italic") },
  heading: { run: (chain) => chain.toggleHeading({ level: 2 }), isOn: (editor) => editor.isActive("heading", { level: 2 }) },
  subheading: { run: (chain) => chain.toggleHeading({ level: 3 }), isOn: (editor) => editor.isActive("heading", { level: 3 }) },
  bulletList: { run: (chain) => chain.toggleBulletList(), isOn: (editor) => editor.isActive("bulletList") },
  orderedList: { run: (chain) => chain.toggleOrderedList(), isOn: (editor) => editor.isActive("orderedList") },
  blockquote: { run: (chain) => chain.toggleBlockquote(), isOn: (editor) => editor.isActive("blockquote") },
  clear: { run: (chain) => chain.unsetAllMarks().clearNodes() },
  undo: { run: (chain) => chain.undo(), isPossible: (editor) => editor.can().undo() },
  redo: { run: (chain) => chain.redo(), isPossible: (editor) => editor.can().redo() },
  link: {
    isOn: (editor) => editor.isActive("link"),
    isPossible: (editor) => !editor.state.selection.empty || editor.isActive("link"),
  },
};

async function mount(textarea) {
  const parts = textarea.nextElementSibling;
  if (textarea.id.includes("__prefix__") || textarea.hidden || !parts?.matches(".prose-editor-parts")) return;
  const kit = await import(parts.dataset.editor);
  if (textarea.hidden) return;

  const { firstElementChild: frame, lastElementChild: dialog } = parts.content.cloneNode(true);
  const [toolbar, warning] = frame.children;
  textarea.before(frame);
  document.body.append(dialog);
  textarea.hidden = true;

  const editor = new kit.Editor({
    element: frame,
    content: textarea.value,
    editable: !textarea.disabled,
    extensions: extensionsOf(kit, () => askForLink(editor, dialog)),
    injectCSS: false,
    enableInputRules: false,
    enablePasteRules: false,
    editorProps: {
      attributes: attributesOf(textarea),
      transformPastedHTML: pasted,
      handlePaste: (view, event) => {
        const isTooMuch = ["text/html", "text/plain"].some(
          (kind) => event.clipboardData.getData(kind).length > parts.dataset.longestPaste,
        );
        if (isTooMuch) warning.textContent = warning.dataset.longPaste;
        return isTooMuch;
      },
    },
    onUpdate() {
      textarea.value = editor.isEmpty ? "" : editor.getHTML();
      warning.textContent = textarea.value.length > parts.dataset.longest ? warning.dataset.long : "";
      textarea.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  frame.append(warning);

  useToolbar(toolbar, editor, () => askForLink(editor, dialog));
  for (const label of textarea.labels) label.addEventListener("click", () => editor.commands.focus());
}

function extensionsOf(kit, openLink) {
  const linked = kit.Link.extend({ addKeyboardShortcuts: () => ({ "Mod-k": openLink }) });
  const item = kit.ListItem.extend({
    addKeyboardShortcuts() {
      return { Enter: () => this.editor.commands.splitListItem(this.name) }; // Tab leaves the editor, as everywhere
    },
  });
  return [
    ...[kit.Document, kit.Text, kit.Paragraph, kit.HardBreak, kit.Bold, kit.Italic, kit.Blockquote, kit.BulletList],
    ...[kit.OrderedList.configure({ enableListAttributes: false }), item, kit.History, kit.Dropcursor, kit.Gapcursor],
    kit.Heading.configure({ levels: [2, 3, 4] }),
    linked.configure({ autolink: false, linkOnPaste: true, enableTarget: false, protocols: ["mailto"] }),
  ];
}

/* The editor is to assistive technology what the textarea was: its label, its help and its errors. */
function attributesOf(textarea) {
  const attributes = { class: "prose", role: "textbox", "aria-multiline": "true", lang: textarea.lang };
  const label = textarea.labels[0];
  if (label) attributes["aria-label"] = label.textContent.trim().replace(/[:：]$/, "");
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (textarea.hasAttribute(name)) attributes[name] = textarea.getAttribute(name);
  }
  return attributes;
}

/* One stop of the Tab key; the arrow keys go from button to button. */
function useToolbar(toolbar, editor, openLink) {
  const buttons = [...toolbar.querySelectorAll("button")];
  const stopAt = (button) => buttons.forEach((each) => (each.tabIndex = each === button ? 0 : -1));

  const draw = () => {
    for (const button of buttons) {
      const { isOn, isPossible } = COMMANDS[button.dataset.command];
      if (isOn) button.setAttribute("aria-pressed", isOn(editor));
      if (isPossible) button.setAttribute("aria-disabled", !isPossible(editor));
    }
  };

  for (const button of buttons) {
    button.title = button.ariaLabel;
    button.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
    button.addEventListener("click", () => {
      stopAt(button);
      if (button.ariaDisabled === "true") return;
      const { run } = COMMANDS[button.dataset.command];
      if (run) run(editor.chain().focus()).run();
      else openLink();
    });
  }
  toolbar.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = buttons.at(to % buttons.length);
    stopAt(next);
    next.focus();
  });
  editor.on("transaction", draw);
  stopAt(buttons[0]);
  draw();
}

function askForLink(editor, dialog) {
  if (editor.state.selection.empty && !editor.isActive("link")) return true;
  const [form, input] = [dialog.querySelector("form"), dialog.querySelector("input")];
  input.value = editor.getAttributes("link").href ?? "";
  form.elements[2].hidden = !input.value;
  input.oninput = () => input.setCustomValidity("");
  form.onsubmit = (event) => {
    const chosen = event.submitter?.value;
    const href = /^www\./i.test(input.value.trim()) ? `https://${input.value.trim()}` : input.value.trim();
    if (chosen === "set" && !/^(https?:\/\/[^/]|mailto:.+@|\/(?!\/))/i.test(href)) {
      event.preventDefault();
      input.setCustomValidity(input.dataset.refused);
      input.reportValidity();
      return;
    }
    const chain = editor.chain().focus().extendMarkRange("link");
    if (chosen === "set") chain.setLink({ href }).run();
    else if (chosen === "remove") chain.unsetLink().run();
  };
  dialog.onclose = () => editor.commands.focus();
  dialog.showModal();
  input.select();
  return true;
}

/* What other programs put on the clipboard, before it is read: without comments and styles (the policy of the site refuses
   even to read those; what they mean becomes tags first), with Word's lists as lists, and without the line ends that
   programs set anywhere in Chinese. */
function pasted(html) {
  const deeper = /<h1\b/i.test(html) ? 1 : 0; // the page has an h1 already
  return html
    .replace(/<!--[\s\S]*?(-->|$)|<!\[[^>]*>/g, "")
    .replace(/<(style|script|title|xml)\b[\s\S]*?(<\/\1\s*>|$)/gi, "")
    .replace(/<p[^>]*mso-list:[^>]*>([\s\S]*?)<\/p>/gi, (paragraph, content) => itemOf(content))
    .replace(/<\/(ul|ol)>\s*<\1>/g, "")
    .replace(/<(b|strong|i|em)\s[^>]*(?<![\w-])font-(weight|style):\s*(normal|400)[^>]*>/gi, "<span data-was=$1>")
    .replace(/<span[^>]*(?<![\w-])font-weight:\s*(bold|[6-9]00)[^>]*>([^<]*)<\/span>/gi, "<strong>$2</strong>")
    .replace(/<span[^>]*(?<![\w-])font-style:\s*(italic|oblique)[^>]*>([^<]*)<\/span>/gi, "<em>$2</em>")
    .replace(/(<\/?h)([1-6])\b/gi, (tag, start, level) => start + Math.min(4, Number(level) + deeper))
    .replace(/\sstyle\s*=\s*("[^"]*"|'[^']*'|[^\s>]*)/gi, "")
    .replace(/([\u2e80-\u9fff\uff00-\uffef])\s*\n\s*(?=[\u2e80-\u9fff\uff00-\uffef])/g, "$1");
}

function itemOf(content) {
  const [marker] = content.match(/<span[^>]*mso-list:\s*ignore[\s\S]*?<\/span>(\s*<\/span>)*/i) ?? [""];
  const tag = /^\W?[0-9a-z一二三四五六七八九十]+[.．)）、]/i.test(marker.replace(/<[^>]*>|&nbsp;/g, "").trim()) ? "ol" : "ul";
  return `<${tag}><li>${content.replace(marker, "")}</li></${tag}>`;
}

const mountIn = (place) => place.querySelectorAll(".prose-input").forEach(mount);
document.addEventListener("formset:added", (event) => mountIn(event.target));
mountIn(document);
