package io.flinkpeft.example.quickstart;

import java.util.List;

/** Small pieces of HTML. */
final class Html {

    private Html() {}

    /** Text with the characters replaced that mean something in HTML. */
    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;")
                .replace("\"", "&quot;");
    }

    /** A table; the first row is its head, the first cell of each row names the row. */
    static String table(List<List<String>> rows) {
        var html = new StringBuilder("<table>\n");
        for (int i = 0; i < rows.size(); i++) {
            html.append("<tr>");
            for (int j = 0; j < rows.get(i).size(); j++) {
                String tag = i == 0 || j == 0 ? "th" : "td";
                String text = escaped(rows.get(i).get(j));
                html.append('<').append(tag).append('>').append(text);
                html.append("</").append(tag).append('>');
            }
            html.append("</tr>\n");
        }
        return html.append("</table>").toString();
    }
}
