#!/usr/bin/env python3
"""Filters > LazyDiff: fills the selection by a prompt; each variant becomes a layer."""

import atexit
import json
import os
import random
import sys
import threading

import gi

gi.require_version("Gimp", "3.0")
gi.require_version("GimpUi", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gimp, GimpUi, GLib, GObject, Gtk  # noqa: E402 (the versions are chosen first)

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from pictures import add_layers, asked  # noqa: E402
from server import Server, ServerError, StoppedError, start  # noqa: E402

NAME = "plug-in-lazydiff"
SETTINGS = os.path.join(Gimp.directory(), "lazydiff.json")
DEFAULTS = {"address": "http://127.0.0.1:7860", "token": "", "program": "lazydiff"}


def request(image, prompt, variants, strength, seed):
    """(the body of POST /v1/engine/run, the hole's bytes, the layer's name)."""
    canvas, cover, hole = asked(image)
    settings = {"prompt": prompt, "variants": variants, "strength": strength, "seed": seed}
    body = {"image": canvas, "mask": cover, "cover": cover, "settings": settings}
    if strength < 1:
        body["sketch"] = canvas
    return body, hole, "LazyDiff: " + (prompt or "surroundings")


class Window(Gtk.Window):
    """Stays open beside the picture; closing it ends a server that was started here."""

    def __init__(self, image):
        super().__init__(title="LazyDiff - " + image.get_name(), default_width=320, border_width=10)
        self._image, self._server = image, None
        self.prompt = Gtk.Entry(placeholder_text="Empty: the surroundings", activates_default=True)
        self.variants = Gtk.SpinButton.new_with_range(1, 8, 1)
        self.strength = Gtk.Scale.new_with_range(Gtk.Orientation.HORIZONTAL, 0.05, 1, 0.05)
        self.strength.set_value(1)
        self.strength.set_tooltip_text("Below 1, the fill starts from what is there")
        self.generate = Gtk.Button(label="Generate", can_default=True)
        self.generate.connect("clicked", self._on_generate)
        self.progress = Gtk.ProgressBar()
        self.status = Gtk.Label(wrap=True, xalign=0)
        self._settings = {key: Gtk.Entry(text=value) for key, value in _kept().items()}
        self._settings["token"].set_visibility(False)
        self._start = Gtk.Button(label="Start LazyDiff here")
        self._start.connect("clicked", self._on_start)
        grid = Gtk.Grid(row_spacing=6, column_spacing=8)
        rows = [("Prompt", self.prompt), ("Variants", self.variants), ("Strength", self.strength)]
        wide = [self.generate, self.progress, self.status]
        rows += [(key.capitalize(), entry) for key, entry in self._settings.items()]
        for row, (label, widget) in enumerate(rows[:3] + [(None, w) for w in wide] + rows[3:]):
            widget.set_hexpand(True)
            if label is not None:
                grid.attach(Gtk.Label(label=label, xalign=0), 0, row, 1, 1)
            grid.attach(widget, 0 if label is None else 1, row, 2 if label is None else 1, 1)
        grid.attach(self._start, 0, len(rows) + len(wide), 2, 1)
        self.add(grid)
        self.set_default(self.generate)
        self.connect("destroy", self._on_close)
        self.show_all()

    def _on_generate(self, _button):
        if self._server is not None:
            self._server.stop()
            return
        try:
            values = self.prompt.get_text().strip(), self.variants.get_value_as_int()
            seed = random.randrange(2**31)
            body, hole, name = request(self._image, *values, self.strength.get_value(), seed)
        except ServerError as error:
            self.status.set_text(str(error))
            return
        _keep({key: entry.get_text() for key, entry in self._settings.items()})
        self._server = Server(*(self._settings[key].get_text() for key in ("address", "token")))
        self.generate.set_label("Cancel")
        self.status.set_text("")

        def work(server):
            try:
                told = server.fill(body, lambda step: GLib.idle_add(self._on_progress, step))
                GLib.idle_add(self._on_end, lambda: add_layers(self._image, told, hole, name), "")
            except StoppedError:
                GLib.idle_add(self._on_end, None, "Stopped.")
            except ServerError as error:
                GLib.idle_add(self._on_end, None, str(error))

        threading.Thread(target=work, args=(self._server,), daemon=True).start()

    def _on_progress(self, told):
        if told["steps"]:
            self.progress.set_fraction(told["step"] / told["steps"])

    def _on_end(self, land, sentence):
        self._server = None
        self.generate.set_label("Generate")
        self.progress.set_fraction(0)
        if land is not None and not self._image.is_valid():
            sentence = "The picture was closed: the fill has nowhere to go."
        elif land is not None:
            land()
        self.status.set_text(sentence)

    def _on_start(self, _button):
        program = self._settings["program"].get_text().strip()
        self._start.set_sensitive(False)
        self.status.set_text("LazyDiff is being started.")

        def work():
            try:
                process, address, token = start(program)
                atexit.register(process.terminate)
                GLib.idle_add(self._on_started, address, token, "LazyDiff is ready.")
            except ServerError as error:
                GLib.idle_add(self._on_started, None, None, str(error))

        threading.Thread(target=work, daemon=True).start()

    def _on_started(self, address, token, sentence):
        self.status.set_text(sentence)
        self._start.set_sensitive(address is None)
        if address is not None:
            self._settings["address"].set_text(address)
            self._settings["token"].set_text(token)

    def _on_close(self, _window):
        if self._server is not None:
            self._server.stop()
        Gtk.main_quit()


class LazyDiff(Gimp.PlugIn):
    def do_query_procedures(self):
        return [NAME]

    def do_set_i18n(self, _name):
        return False

    def do_create_procedure(self, name):
        kind = Gimp.PDBProcType.PLUGIN
        procedure = Gimp.ImageProcedure.new(self, name, kind, _run, None)
        procedure.set_menu_label("_LazyDiff...")
        procedure.add_menu_path("<Image>/Filters")
        procedure.set_documentation("Fill the selection by a prompt", __doc__, name)
        flags = GObject.ParamFlags.READWRITE
        procedure.add_string_argument("prompt", "Prompt", None, "", flags)
        procedure.add_int_argument("variants", "Variants", None, 1, 8, 1, flags)
        procedure.add_double_argument("strength", "Strength", None, 0.05, 1.0, 1.0, flags)
        procedure.add_int_argument("seed", "Seed", None, 0, 2**31 - 1, 0, flags)
        procedure.add_string_argument("address", "Server", None, DEFAULTS["address"], flags)
        procedure.add_string_argument("token", "Token", None, "", flags)
        return procedure


def _run(procedure, mode, image, _drawables, config, _data):
    if mode == Gimp.RunMode.INTERACTIVE:
        GimpUi.init(NAME)
        Window(image)
        Gtk.main()
        return procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, GLib.Error())
    values = [config.get_property(key) for key in ("prompt", "variants", "strength", "seed")]
    try:
        body, hole, name = request(image, *values)
        server = Server(config.get_property("address"), config.get_property("token"))
        add_layers(image, server.fill(body, lambda _step: None), hole, name)
    except ServerError as error:
        failed = Gimp.PDBStatusType.EXECUTION_ERROR
        return procedure.new_return_values(failed, GLib.Error(str(error)))
    return procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, GLib.Error())


def _kept():
    try:
        with open(SETTINGS, encoding="utf-8") as file:
            kept = json.load(file)
        return {key: str(kept.get(key, value)) for key, value in DEFAULTS.items()}
    except (OSError, ValueError, AttributeError):
        return dict(DEFAULTS)


def _keep(settings):
    """Only this user can read the token."""
    with open(os.open(SETTINGS, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(settings, file)


Gimp.main(LazyDiff.__gtype__, sys.argv)
